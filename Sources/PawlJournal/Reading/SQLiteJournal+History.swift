import Foundation
import GRDB
import PawlModel

/// A consent that somebody gave.
public struct ApprovalRow: Sendable, Hashable {
  public let sequence: Int64
  public let plan: PlanID
  public let step: StepID
  public let digest: Digest
  public let given: String
  public let actor: Actor
  public let at: Stamp
}

/// A file as it was before a step touched it, whose bytes are in the journal.
public struct BackupRow: Sendable, Hashable {
  public let sequence: Int64
  public let plan: PlanID
  public let step: StepID
  public let attempt: Int
  public let backup: Backup
  public let wallMillis: Int64
}

/// The newest checkpoint of a step.
public struct CheckpointRow: Sendable, Hashable {
  public let sequence: Int64
  public let attempt: Int
  public let checkpoint: Checkpoint
  public let wallMillis: Int64
}

extension SQLiteJournal {
  /// Events in order, of one plan or of all, after a sequence number. Read page by page: no
  /// transaction is open while `body` runs, and a body that returns false ends it.
  public func events(
    of plan: PlanID? = nil, after: Int64 = 0, _ body: (EventRecord) throws -> Bool
  ) throws {
    var last = after
    while true {
      let page = try read { db in
        try EventRows.page(db, plan: plan, after: last, limit: 500)
      }
      for event in page {
        last = event.sequence
        guard try body(event) else { return }
      }
      if page.isEmpty { return }
    }
  }

  /// The events of a plan, or all, as lines of JSON, each with its newline: what another program
  /// needs to check the chain by itself.
  public func export(of plan: PlanID? = nil, _ line: (String) throws -> Void) throws {
    try events(of: plan) { event in
      try line(try ExportedEvent(event).line())
      return true
    }
  }

  /// Who approved what, oldest first.
  public func approvals(of plan: PlanID) throws -> [ApprovalRow] {
    try read { db in
      let sql = """
        SELECT approval.sequence, approval.plan, approval.step, digest, given, event.actor,
          event.wall_ms, event.boot_id, event.boot_ms
        FROM approval JOIN event USING (sequence) WHERE approval.plan = ?
        ORDER BY approval.sequence
        """
      return try Row.fetchAll(db, sql: sql, arguments: [plan.number]).map { row in
        ApprovalRow(
          sequence: try row.int(0), plan: PlanID(try row.int(1)), step: StepID(try row.text(2)),
          digest: try row.digest(3), given: try row.text(4),
          actor: try CanonicalJSON.decode(Actor.self, from: row.bytes(5)),
          at: try row.stamp(wall: 6, bootID: 7, boot: 8))
      }
    }
  }

  /// Backups, newest first: of one plan, of one path, the one of this number, or all.
  public func backups(
    of plan: PlanID? = nil, path: String? = nil, sequence: Int64? = nil, limit: Int = 1000
  ) throws -> [BackupRow] {
    let asked: [(condition: String, value: (any DatabaseValueConvertible)?)] = [
      ("backup.plan = ?", plan?.number), ("path = ?", path), ("backup.sequence = ?", sequence),
    ]
    let conditions = asked.filter { $0.value != nil }.map(\.condition)
    let values = asked.map(\.value).filter { $0 != nil } + [limit]
    let sql = """
      SELECT backup.sequence, backup.plan, backup.step, backup.attempt, path, before, event.wall_ms
      FROM backup JOIN event USING (sequence)
      \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
      ORDER BY backup.sequence DESC LIMIT ?
      """
    return try read { db in
      try Row.fetchAll(db, sql: sql, arguments: StatementArguments(values)).map { row in
        let before = try CanonicalJSON.decode(FileState.self, from: Array(row.text(5).utf8))
        return BackupRow(
          sequence: try row.int(0), plan: PlanID(try row.int(1)), step: StepID(try row.text(2)),
          attempt: Int(try row.int(3)), backup: Backup(path: try row.text(4), before: before),
          wallMillis: try row.int(6))
      }
    }
  }

  public func latestCheckpoint(of plan: PlanID, step: StepID) throws -> CheckpointRow? {
    try read { db in
      let sql = """
        SELECT sequence, attempt, done, expected, basis, millis, output_bytes, wall_ms
        FROM checkpoint WHERE plan = ? AND step = ?
        """
      return try Row.fetchOne(db, sql: sql, arguments: [plan.number, step.name]).map { row in
        CheckpointRow(
          sequence: try row.int(0), attempt: Int(try row.int(1)),
          checkpoint: Checkpoint(
            done: Int(try row.int(2)), expected: try row.optionalInt(3).map { Int($0) },
            basis: try row.text(4), millis: try row.int(5), outputBytes: try row.int(6)),
          wallMillis: try row.int(7))
      }
    }
  }
}

/// An event as a line of JSON. `actor` and `payload` are text, byte for byte what was hashed.
private struct ExportedEvent: Encodable {
  let schema = "pawl.event/1"
  let sequence: Int64
  let plan: Int64
  let step: String?
  let attempt: Int
  let kind: String
  let stamp: Stamp
  let actor: String
  let payload: String
  let previous: Digest
  let hash: Digest

  init(_ event: EventRecord) {
    sequence = event.sequence
    plan = event.plan.number
    step = event.step?.name
    attempt = event.attempt
    kind = event.kind
    stamp = event.stamp
    actor = String(decoding: event.actor, as: UTF8.self)
    payload = String(decoding: event.payload, as: UTF8.self)
    previous = event.previous
    hash = event.hash
  }

  func line() throws -> String {
    String(decoding: try CanonicalJSON.encode(self), as: UTF8.self) + "\n"
  }
}
