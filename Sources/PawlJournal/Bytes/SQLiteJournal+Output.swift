import Foundation
import GRDB
import PawlModel

/// A piece of what an attempt printed.
public struct OutputChunk: Sendable, Hashable {
  /// Bytes of the attempt's output before this piece.
  public let position: Int64
  public let bytes: [UInt8]
}

/// How much output of an attempt is in the journal.
public struct OutputSize: Sendable, Hashable {
  public let step: StepID
  public let attempt: Int
  public let raw: Int64
  /// As stored.
  public let packed: Int64
  public let chunks: Int
}

extension SQLiteJournal {
  /// Durable when it returns, in a transaction of its own: a crash leaves all of these bytes or
  /// none, and never a gap before them.
  public func appendOutput(
    _ bytes: [UInt8], plan: PlanID, step: StepID, attempt: Int
  ) throws {
    guard !bytes.isEmpty else { return }
    var packed: [(raw: Int, data: Data)] = []
    try ChunkedBytes.each(of: bytes) { chunk in
      packed.append((chunk.count, Data(try Zlib.pack(chunk))))
    }
    try write { db in
      var position = try Self.outputEnd(db, plan: plan, step: step, attempt: attempt)
      let sql = """
        INSERT INTO output (plan, step, attempt, position, raw, data) VALUES (?, ?, ?, ?, ?, ?)
        """
      for chunk in packed {
        try db.cachedStatement(sql: sql).execute(
          arguments: [plan.number, step.name, attempt, position, chunk.raw, chunk.data])
        position += Int64(chunk.raw)
      }
    }
  }

  /// Hands out an attempt's output in order, from a position on: no transaction is open while
  /// `body` runs. Returns the position after the last byte, where a follower goes on later.
  @discardableResult
  public func output(
    of plan: PlanID, step: StepID, attempt: Int, from start: Int64 = 0,
    _ body: (OutputChunk) throws -> Void
  ) throws -> Int64 {
    var position = start
    while let chunk = try outputChunk(plan: plan, step: step, attempt: attempt, at: position) {
      position = chunk.position + Int64(chunk.bytes.count)
      try body(chunk)
    }
    return position
  }

  public func outputBytes(plan: PlanID, step: StepID, attempt: Int) throws -> Int64 {
    try read { db in
      let sql = "SELECT sum(raw) FROM output WHERE plan = ? AND step = ? AND attempt = ?"
      return try Int64.fetchOne(db, sql: sql, arguments: [plan.number, step.name, attempt]) ?? 0
    }
  }

  /// What the attempts of a plan have printed, oldest first.
  public func outputSizes(of plan: PlanID) throws -> [OutputSize] {
    try read { db in
      let sql = """
        SELECT step, attempt, sum(raw), sum(length(data)), count(*) FROM output
        WHERE plan = ? GROUP BY step, attempt ORDER BY min(id)
        """
      return try Row.fetchAll(db, sql: sql, arguments: [plan.number]).map { row in
        OutputSize(
          step: StepID(try row.text(0)), attempt: Int(try row.int(1)), raw: try row.int(2),
          packed: try row.int(3), chunks: Int(try row.int(4)))
      }
    }
  }

  private static func outputEnd(
    _ db: Database, plan: PlanID, step: StepID, attempt: Int
  ) throws -> Int64 {
    let sql = """
      SELECT position + raw FROM output WHERE plan = ? AND step = ? AND attempt = ?
      ORDER BY position DESC LIMIT 1
      """
    let statement = try db.cachedStatement(sql: sql)
    return try Int64.fetchOne(statement, arguments: [plan.number, step.name, attempt]) ?? 0
  }

  /// The chunk that holds the byte at a position, without the bytes before it.
  private func outputChunk(
    plan: PlanID, step: StepID, attempt: Int, at position: Int64
  ) throws(PawlError) -> OutputChunk? {
    try read { db in
      let sql = """
        SELECT position, raw, data FROM output
        WHERE plan = ?1 AND step = ?2 AND attempt = ?3 AND position + raw > ?4
          AND position >= ?4 - \(ChunkedBytes.largest) ORDER BY position LIMIT 1
        """
      let statement = try db.cachedStatement(sql: sql)
      let place: StatementArguments = [plan.number, step.name, attempt, position]
      guard let row = try Row.fetchOne(statement, arguments: place) else { return nil }
      let begin = try row.int(0)
      guard let bytes = Zlib.unpack(try row.bytes(2), raw: Int(try row.int(1))) else {
        throw Faults.damaged(
          path, "the output of step \"\(step)\" of plan \(plan) cannot be read at byte \(begin)")
      }
      let skipped = max(0, Int(position - begin))
      return OutputChunk(position: begin + Int64(skipped), bytes: Array(bytes.dropFirst(skipped)))
    }
  }
}
