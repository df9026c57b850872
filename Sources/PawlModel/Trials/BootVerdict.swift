/// Which boot this is, told from what was recorded before a restart and what is there after it.
public enum BootVerdict: Codable, Sendable, Hashable {
  /// A kernel that another one's crash started, to save what that one held: nothing is done.
  case crashKernel
  /// No restart has happened since the trial was armed.
  case sameBoot
  /// The new kernel runs, started by its trial entry.
  case trial
  /// The trial was begun and the old kernel runs: the trial failed.
  case fellBack(FallBackReason)
  /// The old kernel runs and the new one was never begun: the one-shot entry is to be cleared.
  case notTried(NotTriedReason)
  /// Neither the trial nor a plain fall back: a person decides.
  case anotherKernel(OtherKernelReason)

  public enum FallBackReason: String, Codable, Sendable, Hashable, CaseIterable {
    /// The mark of the trial entry is there.
    case markedAsTried
    /// The one-shot entry was used up; this loader tells no more.
    case oneShotConsumed
    /// The one-shot entry was used up, and the trial entry's mark is missing.
    case consumedWithoutMark
    /// Nothing can be read back; that the trial was begun is what must be assumed.
    case loaderCannotTell
  }

  public enum NotTriedReason: String, Codable, Sendable, Hashable, CaseIterable {
    /// The lights went out before the one-shot entry was recorded as set.
    case neverSet
    /// It was set, and the loader did not take it.
    case notConsumed
    /// The trial entry's mark can be read and is missing.
    case notMarked
  }

  public enum OtherKernelReason: String, Codable, Sendable, Hashable, CaseIterable {
    case tokenOnFallback
    case tokenOnOtherRelease
    case tokenOnOtherBuild
    case trialKernelWithoutToken
    case tokenOfAnotherTrial
    case sameReleaseOtherBuild
    case thirdKernel
  }

  /// Total: every combination has one answer. `isCrashKernel`: `/proc/vmcore` exists.
  public init(
    expected: ExpectedBoot, present: BootIdentity, loader: LoaderTrace, isCrashKernel: Bool
  ) {
    if isCrashKernel {
      self = .crashKernel
    } else if present.bootID == expected.armedIn {
      self = .sameBoot
    } else {
      let token = TrialToken(expected: expected.token, commandLine: present.commandLine)
      switch (token, RunningKernel(expected, present)) {
      case (.ours, .trial): self = .trial
      // A trial may repeat the very kernel that is also the fallback: only the token differs.
      case (.ours, .either): self = .trial
      case (.ours, .fallback): self = .anotherKernel(.tokenOnFallback)
      case (.ours, .trialRelease): self = .anotherKernel(.tokenOnOtherBuild)
      case (.ours, .other): self = .anotherKernel(.tokenOnOtherRelease)
      case (.another, _): self = .anotherKernel(.tokenOfAnotherTrial)
      case (.none, .fallback), (.none, .either): self = BootVerdict(underFallback: loader)
      case (.none, .trial): self = .anotherKernel(.trialKernelWithoutToken)
      case (.none, .trialRelease): self = .anotherKernel(.sameReleaseOtherBuild)
      case (.none, .other): self = .anotherKernel(.thirdKernel)
      }
    }
  }

  /// The old kernel runs without a token. In doubt the trial counts as failed, so that a kernel
  /// that hangs is never started twice; it counts as not begun only where something shows that.
  private init(underFallback loader: LoaderTrace) {
    switch (loader.tried, loader.oneShot, loader.oneShotWasRecorded) {
    case (.ours, _, _): self = .fellBack(.markedAsTried)
    case (.notOurs, .stillSet, _), (.unknown, .stillSet, _): self = .notTried(.notConsumed)
    case (.notOurs, .consumed, true): self = .fellBack(.consumedWithoutMark)
    case (.notOurs, .unknown, true): self = .notTried(.notMarked)
    case (.unknown, .consumed, true): self = .fellBack(.oneShotConsumed)
    case (.unknown, .unknown, true): self = .fellBack(.loaderCannotTell)
    case (.notOurs, _, false), (.unknown, _, false): self = .notTried(.neverSet)
    }
  }

  /// The one-shot entry is to be cleared now: it may still be set, and the next restart, whoever
  /// asks for it, would then start the new kernel.
  public func mustDisarm(_ loader: LoaderTrace) -> Bool {
    switch self {
    case .crashKernel, .sameBoot: false
    case .trial, .fellBack, .notTried, .anotherKernel: loader.oneShot != .consumed
    }
  }
}

/// Whose trial the kernel's command line names.
private enum TrialToken {
  case ours, another, none

  init(expected: String, commandLine: String) {
    let tokens = Self.tokens(commandLine)
    if tokens.isEmpty {
      self = .none
    } else {
      self = !expected.isEmpty && tokens.allSatisfy { $0 == expected } ? .ours : .another
    }
  }

  /// As the kernel splits its command line; what follows a lone `--` is for the first program.
  private static func tokens(_ commandLine: String) -> [String] {
    var quoted = false
    let words = commandLine.split { character in
      if character == "\"" { quoted.toggle() }
      return !quoted && character.isWhitespace
    }.map { $0.filter { $0 != "\"" } }
    let name = "pawl.trial="
    return words.prefix { $0 != "--" }.filter { $0.hasPrefix(name) }
      .map { String($0.dropFirst(name.count)) }
  }
}

/// Which of the kernels that matter runs.
private enum RunningKernel {
  case trial, fallback, either
  /// The release of the trial, but not proven to be its build.
  case trialRelease
  case other

  init(_ expected: ExpectedBoot, _ present: BootIdentity) {
    let isTrial = expected.trial.isProven(by: present)
    let isFallback = expected.fallback.isProven(by: present)
    switch (isTrial, isFallback) {
    case (true, true): self = .either
    case (true, false): self = .trial
    case (false, true): self = .fallback
    case (false, false): self = present.release == expected.trial.release ? .trialRelease : .other
    }
  }
}
