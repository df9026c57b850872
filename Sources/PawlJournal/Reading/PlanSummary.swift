import GRDB
import PawlModel

/// A plan as lists and status show it: one row, however many events it has.
public struct PlanSummary: Sendable, Hashable {
  public let id: PlanID
  public let recipe: String
  public let summary: String
  public let rollback: String
  public let root: String
  public let host: String
  public let runningRelease: String
  public let newRelease: String?
  public let risk: Risk
  public let stepCount: Int
  public let askerUID: UInt32
  /// Who froze the plan.
  public let actorUID: UInt32
  public let created: Stamp
  public let state: PlanState
  public let why: String?
  public let digest: Digest
  public let control: ControlRequest?
  public let unapprovedCount: Int
  /// Succeeded or skipped.
  public let doneCount: Int
  public let updated: Stamp
  public let newestSequence: Int64

  static let columns = """
    plan.id, recipe, summary, rollback, root, host, running_release, new_release, risk, steps,
    asker_uid, actor_uid, created_wall_ms, created_boot_id, created_boot_ms, state, wait_reason,
    why, digest, control, unapproved, done, updated_wall_ms, updated_boot_id, updated_boot_ms,
    newest
    """

  init(_ row: Row) throws {
    id = PlanID(try row.int(0))
    recipe = try row.text(1)
    summary = try row.text(2)
    rollback = try row.text(3)
    root = try row.text(4)
    host = try row.text(5)
    runningRelease = try row.text(6)
    newRelease = try row.optionalText(7)
    risk = try row.word(8)
    stepCount = Int(try row.int(9))
    askerUID = UInt32(truncatingIfNeeded: try row.int(10))
    actorUID = UInt32(truncatingIfNeeded: try row.int(11))
    created = try row.stamp(wall: 12, bootID: 13, boot: 14)
    let reason = try row.optionalText(16).flatMap { WaitReason(rawValue: $0) }
    guard let known = PlanState(word: try row.text(15), reason: reason) else { throw row.wrong(15) }
    state = known
    why = try row.optionalText(17)
    digest = try row.digest(18)
    control = try row.optionalText(19).flatMap { ControlRequest(rawValue: $0) }
    unapprovedCount = Int(try row.int(20))
    doneCount = Int(try row.int(21))
    updated = try row.stamp(wall: 22, bootID: 23, boot: 24)
    newestSequence = try row.int(25)
  }
}

/// Which plans of history are wanted; what is nil does not matter.
public struct PlanFilter: Sendable, Hashable {
  /// A release that the plan ran under or installs.
  public var kernel: String?
  public var module: String?
  public var option: String?
  public var recipe: String?
  /// A plan's state, as the word in the journal: `succeeded`, `rolled-back`.
  public var result: String?
  /// Wall clock of the plan's creation, milliseconds since 1970.
  public var since: Int64?
  public var until: Int64?
  /// Only plans before this one: how a long list goes on.
  public var before: PlanID?
  public var limit: Int

  public init(
    kernel: String? = nil, module: String? = nil, option: String? = nil, recipe: String? = nil,
    result: String? = nil, since: Int64? = nil, until: Int64? = nil, before: PlanID? = nil,
    limit: Int = 50
  ) {
    self.kernel = kernel
    self.module = module
    self.option = option
    self.recipe = recipe
    self.result = result
    self.since = since
    self.until = until
    self.before = before
    self.limit = limit
  }

  var conditions: [(sql: String, value: any DatabaseValueConvertible)] {
    let subjects = [
      kernel.map { Subject(.kernel, $0) }, module.map { Subject(.module, $0) },
      option.map { Subject(.option, $0) },
    ].compactMap { $0 }
    var all: [(String, any DatabaseValueConvertible)] = subjects.map { subject in
      let sql = """
        plan.id IN (SELECT plan FROM plan_subject WHERE kind = '\(subject.kind.rawValue)'
          AND value = ?)
        """
      return (sql, subject.value)
    }
    if let recipe { all.append(("recipe = ?", recipe)) }
    if let result { all.append(("state = ?", result)) }
    if let since { all.append(("created_wall_ms >= ?", since)) }
    if let until { all.append(("created_wall_ms < ?", until)) }
    if let before { all.append(("plan.id < ?", before.number)) }
    return all
  }
}

extension SQLiteJournal {
  /// Plans, newest first.
  public func plans(_ filter: PlanFilter = PlanFilter()) throws -> [PlanSummary] {
    let conditions = filter.conditions
    let place =
      conditions.isEmpty ? "" : "WHERE " + conditions.map(\.sql).joined(separator: " AND ")
    let values = conditions.map { $0.value as (any DatabaseValueConvertible)? } + [filter.limit]
    let sql = "SELECT \(PlanSummary.columns) FROM plan \(place) ORDER BY plan.id DESC LIMIT ?"
    return try read { db in
      try Row.fetchAll(db, sql: sql, arguments: StatementArguments(values)).map(PlanSummary.init)
    }
  }

  public func planSummary(_ id: PlanID) throws -> PlanSummary? {
    try read { db in
      let sql = "SELECT \(PlanSummary.columns) FROM plan WHERE id = ?"
      return try Row.fetchOne(db, sql: sql, arguments: [id.number]).map(PlanSummary.init)
    }
  }

  /// The plan that matters now: one that runs, then one that is rolled back, then one that waits,
  /// the newest of its kind; else the newest of all. Reads a few rows, however long history is.
  public func statusPlan() throws -> PlanSummary? {
    try read { db in
      for state in ["running", "rolling-back", "waiting"] {
        let sql = """
          SELECT \(PlanSummary.columns) FROM plan
          WHERE state = '\(state)' ORDER BY plan.id DESC LIMIT 1
          """
        if let row = try Row.fetchOne(db, sql: sql) { return try PlanSummary(row) }
      }
      let sql = "SELECT \(PlanSummary.columns) FROM plan ORDER BY plan.id DESC LIMIT 1"
      return try Row.fetchOne(db, sql: sql).map(PlanSummary.init)
    }
  }

  /// Changes whenever another connection has committed: cheap enough to ask several times a second.
  public func dataVersion() throws -> Int64 {
    try Faults.translating(path) {
      try queue.unsafeRead { db in try Int64.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
    }
  }
}
