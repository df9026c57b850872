import GRDB
import PawlModel

/// A step as lists and status show it.
public struct StepSummary: Sendable, Hashable {
  public let plan: PlanID
  public let id: StepID
  public let position: Int
  public let label: String
  /// `command`, `write_file`, `build`, as in a recipe.
  public let action: String
  public let risk: Risk
  public let needsRoot: Bool
  public let state: StepState
  public let digest: Digest
  /// What the approval in force is for.
  public let approvedDigest: Digest?
  public let attempts: Int
  public let bootID: BootID
  public let why: String?
  public let exit: ExitReport?
  public let output: OutputSummary?

  static let columns = """
    plan, id, position, label, action, risk, needs_root, state, digest, approved_digest, attempts,
    boot_id, why, ending, millis, output_bytes, output_kept
    """

  init(_ row: Row) throws {
    plan = PlanID(try row.int(0))
    id = StepID(try row.text(1))
    position = Int(try row.int(2))
    label = try row.text(3)
    action = try row.text(4)
    risk = try row.word(5)
    needsRoot = try row.int(6) == 1
    state = try row.word(7)
    digest = try row.digest(8)
    approvedDigest = try row.optionalDigest(9)
    attempts = Int(try row.int(10))
    bootID = try row.text(11)
    why = try row.optionalText(12)
    exit = try ExitReport.read(ending: row.optionalText(13), millis: row.optionalInt(14))
    let (bytes, kept) = (try row.optionalInt(15), try row.optionalInt(16))
    output = bytes.flatMap { bytes in kept.map { OutputSummary(bytes: bytes, kept: $0) } }
  }
}

/// One execution of a step, or of its undo.
public struct AttemptSummary: Sendable, Hashable {
  public let step: StepID
  public let number: Int
  public let isUndo: Bool
  public let started: Stamp
  public let startedSequence: Int64
  /// nil while it is in flight, and for ever where a crash ended an undo.
  public let endedSequence: Int64?
  public let endedWallMillis: Int64?
  /// How the step's machine took the end.
  public let outcome: StepEvent?
  public let exit: ExitReport?

  static let columns = """
    step, attempt, undo, started_wall_ms, boot_id, started_boot_ms, started_sequence,
    ended_sequence, ended_wall_ms, outcome, ending, millis
    """

  init(_ row: Row) throws {
    step = StepID(try row.text(0))
    number = Int(try row.int(1))
    isUndo = try row.int(2) == 1
    started = try row.stamp(wall: 3, bootID: 4, boot: 5)
    startedSequence = try row.int(6)
    endedSequence = try row.optionalInt(7)
    endedWallMillis = try row.optionalInt(8)
    outcome = try row.optionalText(9).flatMap { StepEvent(rawValue: $0) }
    exit = try ExitReport.read(ending: row.optionalText(10), millis: row.optionalInt(11))
  }
}

/// A build that succeeded before: what the next one may take.
public struct EarlierBuild: Sendable, Hashable {
  public let plan: PlanID
  public let step: StepID
  public let release: String?
  public let millis: Int64
  /// Objects, at its last checkpoint.
  public let done: Int?
}

extension ExitReport {
  fileprivate static func read(ending: String?, millis: Int64?) -> ExitReport? {
    guard let ending = ending.flatMap(EndingText.read), let millis else { return nil }
    return ExitReport(ending, millis: millis)
  }
}

extension SQLiteJournal {
  /// The steps of a plan, in order.
  public func steps(of plan: PlanID) throws -> [StepSummary] {
    try read { db in
      let sql = "SELECT \(StepSummary.columns) FROM step WHERE plan = ? ORDER BY position"
      return try Row.fetchAll(db, sql: sql, arguments: [plan.number]).map(StepSummary.init)
    }
  }

  /// The attempts of a plan, oldest first.
  public func attempts(of plan: PlanID) throws -> [AttemptSummary] {
    try read { db in
      let sql = """
        SELECT \(AttemptSummary.columns) FROM attempt WHERE plan = ? ORDER BY started_sequence
        """
      return try Row.fetchAll(db, sql: sql, arguments: [plan.number]).map(AttemptSummary.init)
    }
  }

  /// Builds that succeeded, newest first.
  public func earlierBuilds(limit: Int = 10) throws -> [EarlierBuild] {
    try read { db in
      let sql = """
        SELECT attempt.plan, attempt.step, plan.new_release, attempt.millis, checkpoint.done
        FROM step
        JOIN attempt ON attempt.plan = step.plan AND attempt.step = step.id
        JOIN plan ON plan.id = step.plan
        LEFT JOIN checkpoint ON checkpoint.plan = step.plan AND checkpoint.step = step.id
        WHERE step.action = 'build' AND attempt.undo = 0 AND attempt.outcome = 'succeed'
          AND attempt.millis IS NOT NULL
        ORDER BY attempt.started_sequence DESC LIMIT ?
        """
      return try Row.fetchAll(db, sql: sql, arguments: [limit]).map { row in
        EarlierBuild(
          plan: PlanID(try row.int(0)), step: StepID(try row.text(1)),
          release: try row.optionalText(2), millis: try row.int(3),
          done: try row.optionalInt(4).map { Int($0) })
      }
    }
  }
}
