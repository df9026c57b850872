/// One entry of the journal before it is stamped and chained. What it says has happened, or, for
/// a start, is about to happen.
public enum EventBody: Sendable, Hashable {
  case planCreated(FrozenPlan)
  case plan(PlanChange)
  case step(StepChange)
  /// The file's bytes are in the journal and were read back.
  case backup(Backup)
  case fileChanged(FileChange)
  case checkpoint(Checkpoint)
  /// The folder of a build, before its next attempt goes on in it.
  case tree(BuildTree)
  case trial(TrialEvent)
  case control(ControlRequest)
  /// What an attempt printed: how much, and how much of it was kept.
  case output(OutputSummary)
  case note(Note)
}

public struct PlanChange: Codable, Sendable, Hashable {
  public var event: PlanEvent
  /// A sentence for a person.
  public var why: String?

  public init(_ event: PlanEvent, why: String? = nil) {
    self.event = event
    self.why = why
  }
}

public struct StepChange: Codable, Sendable, Hashable {
  public var event: StepEvent
  /// A sentence for a person.
  public var why: String?
  /// With `approve`: what exactly was consented to, and how.
  public var approval: Approval?
  /// With `succeed`, `fail`, `finishUndo`, `failUndo`: how the program ended.
  public var exit: ExitReport?
  /// With `succeed` or `prove`: what the step made, by output path.
  public var products: [Manifest]?
  /// With `revoke`: the facts as they are now, frozen anew.
  public var facts: [Fact]?

  public init(
    _ event: StepEvent, why: String? = nil, approval: Approval? = nil, exit: ExitReport? = nil,
    products: [Manifest]? = nil, facts: [Fact]? = nil
  ) {
    self.event = event
    self.why = why
    self.approval = approval
    self.exit = exit
    self.products = products
    self.facts = facts
  }
}

/// A person's consent to one step, bound to that step's digest. Used up by one attempt and what
/// the step's own `interrupted` policy repeats.
public struct Approval: Codable, Sendable, Hashable {
  public var digest: Digest
  /// `terminal` or `digest`.
  public var given: String
  /// What the person typed: `y`, `yes`, the release and the host's name.
  public var answers: [String]

  public init(digest: Digest, given: String, answers: [String] = []) {
    self.digest = digest
    self.given = given
    self.answers = answers
  }
}

/// How a program ended.
public struct ExitReport: Codable, Sendable, Hashable {
  public enum Ending: Codable, Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut
    /// It could not be started; the reason.
    case notStarted(String)
    /// Pawl did it itself; no program was run.
    case inProcess
    /// A person asked for a pause or cancel, and the step allows to be stopped.
    case stopped
  }

  public var ending: Ending
  public var millis: Int64

  public init(_ ending: Ending, millis: Int64) {
    self.ending = ending
    self.millis = millis
  }

  public var succeeded: Bool {
    switch ending {
    case .exited(let status): status == 0
    case .inProcess: true
    case .signalled, .timedOut, .notStarted, .stopped: false
    }
  }
}

/// Durable progress inside a long step.
public struct Checkpoint: Codable, Sendable, Hashable {
  public var done: Int
  /// nil where nothing says how many there will be.
  public var expected: Int?
  /// What the number expected is based on: `tree`, `earlier-build`, `estimate`.
  public var basis: String
  /// The step's running time so far.
  public var millis: Int64
  /// Bytes of output so far.
  public var outputBytes: Int64
  /// What was made before it is on disk, whole: nanoseconds since 1970 in the clock of the tree's
  /// file system. nil where the tree could not be synced.
  public var cutoff: Int64?
  /// How long the host slept meanwhile; not part of `millis`. nil where it did not.
  public var asleepMillis: Int64?
  /// How long the attempt's checkpoints were blocked in syncs so far; nil in none.
  public var syncMillis: Int64?

  public init(
    done: Int, expected: Int?, basis: String, millis: Int64, outputBytes: Int64,
    cutoff: Int64? = nil, asleepMillis: Int64? = nil, syncMillis: Int64? = nil
  ) {
    self.syncMillis = syncMillis
    self.cutoff = cutoff
    self.asleepMillis = asleepMillis
    self.done = done
    self.expected = expected
    self.basis = basis
    self.millis = millis
    self.outputBytes = outputBytes
  }
}

/// What a person asks of a plan that may be running. Taken up at the next safe point.
public enum ControlRequest: String, Codable, Sendable, Hashable, CaseIterable {
  case pause
  /// Stop at the next safe point and wait for a person; a plan that did nothing yet is abandoned.
  case cancel
  case resume
  case rollback
  /// Leave the plan as it is, for good.
  case abandon
}

public struct OutputSummary: Codable, Sendable, Hashable {
  public var bytes: Int64
  public var kept: Int64
  /// A sentence that says what was cut, where anything was.
  public var cut: String?

  public init(bytes: Int64, kept: Int64, cut: String? = nil) {
    self.bytes = bytes
    self.kept = kept
    self.cut = cut
  }
}

/// Something worth knowing that moves no machine: a runner began, survivors were ended, a tree
/// was repaired, a configuration changed more than was asked.
public struct Note: Codable, Sendable, Hashable {
  public var topic: String
  public var text: String

  public init(topic: String, text: String) {
    self.topic = topic
    self.text = text
  }
}
