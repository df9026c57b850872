import Foundation
import GRDB
import PawlModel

/// Events as rows: in and out of the `event` table.
enum EventRows {
  static let columns = """
    sequence, plan, step, attempt, kind, wall_ms, boot_id, boot_ms, actor, payload, previous, hash
    """

  static func record(_ row: Row) throws -> EventRecord {
    EventRecord(
      sequence: try row.int(0), plan: PlanID(try row.int(1)),
      step: try row.optionalText(2).map { StepID($0) }, attempt: Int(try row.int(3)),
      kind: try row.text(4), stamp: try row.stamp(wall: 5, bootID: 6, boot: 7),
      actor: try row.bytes(8), payload: try row.bytes(9), previous: try row.digest(10),
      hash: try row.digest(11))
  }

  /// The plan's events after a sequence number, oldest first.
  static func cursor(
    _ db: Database, plan: PlanID, after: Int64 = 0
  ) throws -> some Cursor<EventRecord> {
    try db.cachedStatement(
      sql: "SELECT \(columns) FROM event WHERE plan = ? AND sequence > ? ORDER BY sequence"
    ).rows([plan.number, after]).map { try record($0) }
  }

  /// Events after a sequence number, oldest first; nil plan is all of them.
  static func page(
    _ db: Database, plan: PlanID?, after: Int64, limit: Int
  ) throws -> [EventRecord] {
    let filter = plan == nil ? "?1 IS NULL" : "plan = ?1"
    let sql = """
      SELECT \(columns) FROM event WHERE \(filter) AND sequence > ?2 ORDER BY sequence LIMIT ?3
      """
    return try Array(
      db.cachedStatement(sql: sql).rows([plan?.number, after, limit]).map { try record($0) })
  }

  /// The end of the chain: nil in an empty journal.
  static func newest(_ db: Database) throws -> (sequence: Int64, hash: Digest)? {
    let sql = "SELECT sequence, hash FROM event ORDER BY sequence DESC LIMIT 1"
    guard let row = try Row.fetchOne(try db.cachedStatement(sql: sql)) else { return nil }
    return (try row.int(0), try row.digest(1))
  }

  static func insert(_ event: EventRecord, into db: Database) throws {
    let sql = "INSERT INTO event (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    let values: [(any DatabaseValueConvertible)?] = [
      event.sequence, event.plan.number, event.step?.name, event.attempt, event.kind,
      event.stamp.wallMillis, event.stamp.bootID, event.stamp.bootMillis, Data(event.actor),
      Data(event.payload), event.previous.hex, event.hash.hex,
    ]
    try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
  }
}

extension Statement {
  func rows(_ arguments: [(any DatabaseValueConvertible)?]) throws -> RowCursor {
    try Row.fetchCursor(self, arguments: StatementArguments(arguments))
  }
}
