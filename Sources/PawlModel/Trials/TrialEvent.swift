/// What is recorded of a trial, in this order. Each is durable before what it announces begins.
public enum TrialEvent: Codable, Sendable, Hashable {
  /// Both entries were verified; the one-shot is about to be set.
  case armed(ArmedTrial)
  /// The one-shot was set and read back: the next boot is the trial.
  case oneShotSet(entry: String)
  /// Another boot was looked at: what came up, and what became of the trial.
  case booted(BootReport)
  /// The host is about to be restarted out of the new kernel, so that it can be rolled back.
  case leaving(under: BootID)
  /// A person's word on the new kernel, while it is on trial.
  case judged(TrialJudgement)
}

/// What `pawl confirm` and `pawl reject` say.
public enum TrialJudgement: String, Codable, Sendable, Hashable {
  case confirmed, rejected
}

/// What has to come up, what it is compared with, and where the way back leads.
public struct ArmedTrial: Codable, Sendable, Hashable {
  /// The boot in which the trial was armed, and the kernel that ran then.
  public var before: BootIdentity
  public var expected: KernelIdentity
  public var trial: BootEntry
  public var fallback: BootEntry
  /// Image and initrds of both entries, by path.
  public var files: [String: Digest]
  public var health: HealthState
  /// Modules inside the image of the kernel that ran then; nil where that is not known.
  public var builtIn: [String]?
  /// Crash records that were there already, so that a new one is recognised.
  public var crashRecords: [String]

  public init(
    before: BootIdentity, expected: KernelIdentity, trial: BootEntry, fallback: BootEntry,
    files: [String: Digest], health: HealthState, builtIn: [String]? = nil,
    crashRecords: [String] = []
  ) {
    self.before = before
    self.expected = expected
    self.trial = trial
    self.fallback = fallback
    self.files = files
    self.health = health
    self.builtIn = builtIn
    self.crashRecords = crashRecords
  }
}

/// One boot after a trial was armed.
public struct BootReport: Codable, Sendable, Hashable {
  public var identity: BootIdentity
  public var isTrial: Bool
  /// What became of the trial, for a person.
  public var summary: String
  /// What the lost boot left behind: name and text, bounded.
  public var evidence: [String: String]

  public init(
    identity: BootIdentity, isTrial: Bool, summary: String, evidence: [String: String] = [:]
  ) {
    self.identity = identity
    self.isTrial = isTrial
    self.summary = summary
    self.evidence = evidence
  }
}

/// What a lost boot left behind.
public struct TrialEvidence: Sendable, Hashable {
  /// One paragraph for a person; nil where nobody looked.
  public var summary: String?
  /// Name and text, bounded and harmless to show.
  public var texts: [String: String]

  public init(summary: String? = nil, texts: [String: String] = [:]) {
    self.summary = summary
    self.texts = texts
  }
}

/// A trial as its events leave it.
public struct TrialRecord: Sendable, Hashable {
  public var armed: ArmedTrial
  public var isOneShotSet = false
  /// The newest boot that was looked at.
  public var report: BootReport?
  public var judgement: TrialJudgement?
  /// The boot that a rollback restarted.
  public var leftUnder: BootID?

  init(_ armed: ArmedTrial) { self.armed = armed }
}

extension ArmedTrial {
  /// What the next boot is compared with.
  public func expectedBoot(token: String) -> ExpectedBoot {
    ExpectedBoot(
      armedIn: before.bootID, token: token, trial: expected, fallback: KernelIdentity(before))
  }
}
