/// A step and everything that the journal says happened to it.
public struct StepRecord: Sendable, Hashable {
  /// Its facts are the ones frozen last: a revoked approval freezes them anew.
  public var frozen: FrozenStep
  public var digest: Digest
  public var state: StepState
  /// How often it was started or its undo was begun.
  public var attempts: Int
  /// False from an attempt that nobody saw end until what a later one left is recorded: what
  /// stands in the step's files may be its own, half done.
  public var isOutcomeKnown = true
  /// The running attempt has recorded a file as it left it.
  var hasRecordedFiles = false
  /// The consent that covers the next attempt; nil before it is given and after it is used up.
  public var approval: Approval?
  /// The boot that the latest transition happened under.
  public var bootID: BootID
  /// The boot that the latest attempt was started under.
  public var startedUnder: BootID
  /// Files as they stood before the first attempt, by path.
  public var backups: [String: Backup]
  /// Files as the step left them, by path.
  public var changes: [String: FileChange]
  public var products: [Manifest]
  public var exit: ExitReport?
  public var checkpoint: Checkpoint?
  /// The folder of a build, as the newest attempt found it.
  public var tree: BuildTree?
  /// The cutoff of the newest checkpoint since then that was synced.
  public var durableCutoff: Int64?
  public var output: OutputSummary?
  /// Of a restart that tries a kernel, once it was armed.
  public var trial: TrialRecord?
  public var why: String?

  public init(frozen: FrozenStep, digest: Digest) {
    self.frozen = frozen
    self.digest = digest
    state = .pending
    attempts = 0
    bootID = ""
    startedUnder = ""
    backups = [:]
    changes = [:]
    products = []
  }

  public var id: StepID { frozen.id }

  /// Found in every child's environment, so that a survivor of a dead runner can be recognised.
  /// `attempt`: the newest where none is named.
  public func attemptToken(plan: PlanID, journal: String, attempt: Int? = nil) -> String {
    "\(journal)/\(plan)/\(id)/\(attempt ?? attempts)"
  }
}

extension StepRecord {
  /// Its kernel was armed, and nothing was decided yet.
  public var isOnTrial: Bool { state == .started && trial != nil }
}
