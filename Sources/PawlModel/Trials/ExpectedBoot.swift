/// A kernel as it can be recognised once it runs.
public struct KernelIdentity: Codable, Sendable, Hashable {
  /// `uname -r`.
  public var release: String
  /// `uname -v`; nil where it is not known beforehand.
  public var version: String?
  /// The GNU build id, lowercase hex; nil where it is not known.
  public var buildID: String?

  public init(release: String, version: String?, buildID: String?) {
    self.release = release
    self.version = version
    self.buildID = buildID
  }

  /// The kernel that a running system has.
  public init(_ running: BootIdentity) {
    self.init(release: running.release, version: running.version, buildID: running.buildID)
  }

  /// All that is known agrees, and more is known than the release, which two builds can share. A
  /// build id that is expected and cannot be read does not agree.
  public func isProven(by running: BootIdentity) -> Bool {
    guard release == running.release, version != nil || buildID != nil else { return false }
    return (version == nil || version == running.version)
      && (buildID == nil || buildID == running.buildID)
  }
}

/// What was recorded when a trial was armed, to be compared with what runs after the restart.
public struct ExpectedBoot: Codable, Sendable, Hashable {
  /// The boot in which the trial was armed.
  public var armedIn: BootID
  /// The value of `pawl.trial=` on the command line of the trial entry, and of no other.
  public var token: String
  public var trial: KernelIdentity
  /// The kernel that the loader starts where the trial does not come up.
  public var fallback: KernelIdentity

  public init(armedIn: BootID, token: String, trial: KernelIdentity, fallback: KernelIdentity) {
    self.armedIn = armedIn
    self.token = token
    self.trial = trial
    self.fallback = fallback
  }
}

extension ExpectedBoot {
  /// While a new kernel runs, nothing of it may be taken away. Where what is tried is the very kernel that ran
  /// before, started otherwise, only the trial's own boot has to be left: once it is promoted, or the host
  /// fell back, nothing of what runs goes.
  public func mustBeLeft(under present: BootIdentity) -> Bool {
    guard present.release == trial.release else { return false }
    return trial.release != fallback.release || present.isTrial(of: token)
  }
}

/// What the loader left behind, as far as it can be read.
public struct LoaderTrace: Codable, Sendable, Hashable {
  public enum OneShot: String, Codable, Sendable, Hashable, CaseIterable {
    case stillSet, consumed, unknown
  }

  /// The mark that the trial entry sets when it is chosen, before its kernel is loaded.
  public enum TriedMark: String, Codable, Sendable, Hashable, CaseIterable {
    /// It is this trial's token.
    case ours
    /// It can be read and is not this trial's token.
    case notOurs
    /// This loader sets none, or it cannot be read.
    case unknown
  }

  public var oneShot: OneShot
  public var tried: TriedMark
  /// The journal says that the one-shot entry was set and read back before the restart.
  public var oneShotWasRecorded: Bool

  public init(oneShot: OneShot, tried: TriedMark, oneShotWasRecorded: Bool) {
    self.oneShot = oneShot
    self.tried = tried
    self.oneShotWasRecorded = oneShotWasRecorded
  }
}
