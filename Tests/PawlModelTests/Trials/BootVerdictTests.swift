import PawlModel
import Testing

@Suite("Which boot this is, is told from all that is known together")
struct BootVerdictTests {
  private let armed = ExpectedBoot(armedIn: "boot-1", token: "7.1", trial: .new, fallback: .old)

  private func verdict(
    token: String? = nil, kernel: KernelIdentity = .old, bootID: BootID = "boot-2",
    _ oneShot: LoaderTrace.OneShot = .consumed, _ tried: LoaderTrace.TriedMark = .unknown,
    recorded: Bool = true, crash: Bool = false
  ) -> BootVerdict {
    BootVerdict(
      expected: armed,
      present: BootIdentity(
        bootID: bootID, release: kernel.release, version: kernel.version ?? "",
        buildID: kernel.buildID, commandLine: token.map { "ro pawl.trial=\($0)" } ?? "ro"),
      loader: LoaderTrace(oneShot: oneShot, tried: tried, oneShotWasRecorded: recorded),
      isCrashKernel: crash)
  }

  @Test("a trial is said only where boot id, token, release and build all prove it")
  func trialIsProven() {
    let ours: Set<String> = ["ro pawl.trial=7.1 quiet", "pawl.trial=\"7.1\""]
    var wrong: [Situation] = []
    var trials = 0
    Situation.forEach { situation in
      let present = situation.present
      let trial = situation.expected.trial
      let proven =
        !situation.isCrashKernel && present.bootID != "boot-1"
        && situation.expected.token == "7.1" && ours.contains(present.commandLine)
        && present.release == trial.release
        && (trial.version != nil || trial.buildID != nil)
        && (trial.version == nil || trial.version == present.version)
        && (trial.buildID == nil || trial.buildID == present.buildID)
      if proven { trials += 1 }
      if (situation.verdict == .trial) != proven { wrong.append(situation) }
    }
    #expect(wrong.first == nil)
    #expect(trials > 0)
  }

  @Test("a failed trial is said only where the old kernel is proven to run without a token")
  func fallbackIsProven() {
    let silent: Set<String> = ["ro quiet", "xpawl.trial=7.1", "ro -- pawl.trial=7.1", ""]
    var wrong: [Situation] = []
    Situation.forEach { situation in
      let present = situation.present
      let proven =
        !situation.isCrashKernel && present.bootID != "boot-1"
        && KernelIdentity.old.isProven(by: present)
        && (silent.contains(present.commandLine) || present.commandLine.hasPrefix("a="))
      switch situation.verdict {
      case .fellBack, .notTried: if !proven { wrong.append(situation) }
      case .crashKernel, .sameBoot, .trial, .anotherKernel: if proven { wrong.append(situation) }
      }
    }
    #expect(wrong.first == nil)
  }

  @Test("under a crash kernel nothing is concluded and nothing is to be done")
  func crashKernel() {
    var wrong = 0
    Situation.forEach { situation in
      guard situation.isCrashKernel else { return }
      if situation.verdict != .crashKernel || situation.verdict.mustDisarm(situation.loader) {
        wrong += 1
      }
    }
    #expect(wrong == 0)
  }

  @Test("a one-shot entry that may still be set is cleared after every real restart")
  func disarming() {
    var wrong = 0
    Situation.forEach { situation in
      let restarted = !situation.isCrashKernel && situation.present.bootID != "boot-1"
      let expected = restarted && situation.loader.oneShot != .consumed
      if situation.verdict.mustDisarm(situation.loader) != expected { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("without a restart nothing has happened, whatever the loader says")
  func sameBoot() {
    for loader in Situation.loaders {
      #expect(
        verdict(token: "7.1", kernel: .new, bootID: "boot-1", loader.oneShot, loader.tried)
          == .sameBoot)
    }
  }

  @Test(
    "the old kernel without a token: each trace of the loader has one meaning",
    arguments: [
      (.ours, .consumed, true, .fellBack(.markedAsTried)),
      (.ours, .stillSet, true, .fellBack(.markedAsTried)),
      (.ours, .unknown, false, .fellBack(.markedAsTried)),
      (.notOurs, .consumed, true, .fellBack(.consumedWithoutMark)),
      (.notOurs, .stillSet, true, .notTried(.notConsumed)),
      (.notOurs, .unknown, true, .notTried(.notMarked)),
      (.unknown, .consumed, true, .fellBack(.oneShotConsumed)),
      (.unknown, .stillSet, true, .notTried(.notConsumed)),
      (.unknown, .unknown, true, .fellBack(.loaderCannotTell)),
      (.notOurs, .consumed, false, .notTried(.neverSet)),
      (.unknown, .consumed, false, .notTried(.neverSet)),
      (.unknown, .stillSet, false, .notTried(.notConsumed)),
    ] as [(LoaderTrace.TriedMark, LoaderTrace.OneShot, Bool, BootVerdict)])
  func fallbackTraces(
    tried: LoaderTrace.TriedMark, oneShot: LoaderTrace.OneShot, recorded: Bool,
    answer: BootVerdict
  ) {
    #expect(verdict(oneShot, tried, recorded: recorded) == answer)
  }

  @Test("another kernel than the two that are known is left to a person, with its reason")
  func anotherKernel() {
    let third = KernelIdentity(release: "5.10.0", version: "#1", buildID: "333")
    let rebuilt = KernelIdentity(release: "6.6.1-pawl1", version: "#2 new", buildID: "bad")
    let stripped = KernelIdentity(release: "6.6.1-pawl1", version: "#1 new", buildID: nil)
    #expect(verdict(token: "7.1", kernel: .old) == .anotherKernel(.tokenOnFallback))
    #expect(verdict(token: "7.1", kernel: third) == .anotherKernel(.tokenOnOtherRelease))
    #expect(verdict(token: "7.1", kernel: rebuilt) == .anotherKernel(.tokenOnOtherBuild))
    #expect(verdict(token: "7.1", kernel: stripped) == .anotherKernel(.tokenOnOtherBuild))
    #expect(verdict(kernel: .new) == .anotherKernel(.trialKernelWithoutToken))
    #expect(verdict(token: "6.1", kernel: .new) == .anotherKernel(.tokenOfAnotherTrial))
    #expect(verdict(token: "6.1", kernel: .old) == .anotherKernel(.tokenOfAnotherTrial))
    #expect(verdict(kernel: rebuilt) == .anotherKernel(.sameReleaseOtherBuild))
    #expect(verdict(kernel: third) == .anotherKernel(.thirdKernel))
  }

  @Test("the old kernel's release with another build is not the old kernel")
  func rebuiltFallback() {
    let rebuilt = KernelIdentity(release: "6.1.0-old", version: "#2", buildID: "bad")
    #expect(verdict(kernel: rebuilt) == .anotherKernel(.thirdKernel))
  }

  @Test("a kernel that is tried a second time as its own fallback is told apart by the token")
  func sameKernelTwice() {
    let twice = ExpectedBoot(armedIn: "boot-1", token: "7.1", trial: .old, fallback: .old)
    let loader = LoaderTrace(oneShot: .consumed, tried: .unknown, oneShotWasRecorded: true)
    for (line, answer) in [
      ("pawl.trial=7.1", BootVerdict.trial), ("ro", .fellBack(.oneShotConsumed)),
    ] {
      let present = BootIdentity(
        bootID: "boot-2", release: "6.1.0-old", version: "#1 old", buildID: "0ld",
        commandLine: line)
      #expect(
        BootVerdict(expected: twice, present: present, loader: loader, isCrashKernel: false)
          == answer)
    }
  }

  @Test("every verdict has a sentence of its own that names a kernel and drives no terminal")
  func sentences() {
    var armed = armed
    armed.trial.release = "6.6\u{1b}[2J"
    let present = BootIdentity(
      bootID: "b", release: String(repeating: "9", count: 5000), version: "", buildID: nil,
      commandLine: "")
    let verdicts: [BootVerdict] =
      [.crashKernel, .sameBoot, .trial]
      + BootVerdict.FallBackReason.allCases.map { .fellBack($0) }
      + BootVerdict.NotTriedReason.allCases.map { .notTried($0) }
      + BootVerdict.OtherKernelReason.allCases.map { .anotherKernel($0) }
    let sentences = verdicts.map { $0.sentence(expected: armed, present: present) }
    #expect(Set(sentences).count == verdicts.count)
    for sentence in sentences {
      #expect(sentence.hasSuffix(".") && sentence.utf8.count < 600)
      #expect(!sentence.unicodeScalars.contains("\u{1b}"))
    }
  }
}
