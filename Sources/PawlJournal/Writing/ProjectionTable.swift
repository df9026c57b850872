import GRDB

/// A table that repeats what the events say. `key` finds a row, `fixed` never changes after the
/// insert, `changing` may.
struct ProjectionTable: Hashable, Sendable {
  let name: String
  let key: [String]
  let fixed: [String]
  let changing: [String]
  let insertSQL: String
  let updateSQL: String
  /// All rows of one plan: key, fixed, changing.
  let selectSQL: String

  init(
    _ name: String, key: [String], fixed: [String], changing: [String] = [], plan: String = "plan"
  ) {
    self.name = name
    self.key = key
    self.fixed = fixed
    self.changing = changing
    let all = key + fixed + changing
    let marks = all.map { _ in "?" }.joined(separator: ", ")
    insertSQL = "INSERT INTO \(name) (\(all.joined(separator: ", "))) VALUES (\(marks))"
    let settings = changing.map { "\($0) = ?" }.joined(separator: ", ")
    let place = key.map { "\($0) = ?" }.joined(separator: " AND ")
    updateSQL = "UPDATE \(name) SET \(settings) WHERE \(place)"
    selectSQL = "SELECT \(all.joined(separator: ", ")) FROM \(name) WHERE \(plan) = ?"
  }

  var columns: [String] { key + fixed + changing }

  static func == (left: ProjectionTable, right: ProjectionTable) -> Bool { left.name == right.name }
  func hash(into hasher: inout Hasher) { hasher.combine(name) }

  static let plan = ProjectionTable(
    "plan", key: ["id"],
    fixed: [
      "recipe", "summary", "rollback", "root", "host", "running_release", "new_release", "risk",
      "steps", "asker_uid", "actor_uid", "created_sequence", "created_wall_ms", "created_boot_id",
      "created_boot_ms",
    ],
    changing: [
      "state", "wait_reason", "why", "digest", "control", "unapproved", "done", "updated_wall_ms",
      "updated_boot_id", "updated_boot_ms", "newest",
    ], plan: "id")

  static let step = ProjectionTable(
    "step", key: ["plan", "id"], fixed: ["position", "label", "action", "risk", "needs_root"],
    changing: [
      "state", "digest", "approved_digest", "attempts", "boot_id", "why", "ending", "millis",
      "output_bytes", "output_kept",
    ])

  static let subject = ProjectionTable("plan_subject", key: ["plan", "kind", "value"], fixed: [])

  static let approval = ProjectionTable(
    "approval", key: ["sequence"],
    fixed: ["plan", "step", "digest", "given", "actor_uid", "wall_ms"])

  static let attempt = ProjectionTable(
    "attempt", key: ["plan", "step", "attempt"],
    fixed: ["undo", "started_sequence", "started_wall_ms", "boot_id", "started_boot_ms"],
    changing: ["ended_sequence", "ended_wall_ms", "outcome", "ending", "millis"])

  static let backup = ProjectionTable(
    "backup", key: ["sequence"],
    fixed: ["plan", "step", "attempt", "path", "before", "digest", "size"])

  static let fileChange = ProjectionTable(
    "file_change", key: ["sequence"], fixed: ["plan", "step", "attempt", "path", "after", "digest"])

  static let checkpoint = ProjectionTable(
    "checkpoint", key: ["plan", "step"], fixed: [],
    changing: [
      "sequence", "attempt", "done", "expected", "basis", "millis", "output_bytes", "wall_ms",
    ])

  static let all = [
    plan, step, subject, approval, attempt, backup, fileChange, checkpoint,
  ]
}

/// One row that an event adds to, or changes in, a projection.
struct RowChange {
  enum Kind { case insert, update }

  let kind: Kind
  let table: ProjectionTable
  let key: [DatabaseValue]
  /// Empty in an update.
  let fixed: [DatabaseValue]
  let changing: [DatabaseValue]

  static func insert(
    _ table: ProjectionTable, key: [Cell], fixed: [Cell] = [], changing: [Cell] = []
  ) -> RowChange {
    RowChange(
      kind: .insert, table: table, key: key.map(\.value), fixed: fixed.map(\.value),
      changing: changing.map(\.value))
  }

  static func update(_ table: ProjectionTable, key: [Cell], changing: [Cell]) -> RowChange {
    RowChange(
      kind: .update, table: table, key: key.map(\.value), fixed: [], changing: changing.map(\.value)
    )
  }

  func execute(_ db: Database, path: String) throws {
    switch kind {
    case .insert:
      try db.cachedStatement(sql: table.insertSQL)
        .execute(arguments: StatementArguments(key + fixed + changing))
    case .update:
      try db.cachedStatement(sql: table.updateSQL)
        .execute(arguments: StatementArguments(changing + key))
      guard db.changesCount == 1 else {
        throw Faults.damaged(path, "its table \(table.name) lacks a row that the events made")
      }
    }
  }
}

/// A value of a projection's column.
struct Cell: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral {
  let value: DatabaseValue

  init(nilLiteral: ()) { value = .null }
  init(integerLiteral value: Int64) { self.value = value.databaseValue }
  init(_ text: String?) { value = text?.databaseValue ?? .null }
  init(_ number: (some BinaryInteger)?) {
    value = number.map { Int64(truncatingIfNeeded: $0).databaseValue } ?? .null
  }
}
