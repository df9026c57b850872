import GRDB
import PawlModel

/// Reads every blob and every chunk of output back.
struct BytesCheck {
  let journal: SQLiteJournal

  func blobs(_ report: inout VerifyReport) throws {
    var last: Int64 = 0
    while let (row, digest) = try next(after: last) {
      last = row
      report.blobs += 1
      do {
        try journal.readBlob(digest) { _ in }
      } catch let error as PawlError where error.code == .damagedJournal {
        report.add(
          Finding(.blob, "The blob \(digest.short) is damaged: its bytes do not give its digest."))
      }
    }
    try missingBlobs(&report)
  }

  private func next(after row: Int64) throws(PawlError) -> (Int64, Digest)? {
    try journal.read { db in
      let sql =
        "SELECT id, digest FROM blob WHERE id > ? AND digest IS NOT NULL ORDER BY id LIMIT 1"
      guard let found = try Row.fetchOne(db, sql: sql, arguments: [row]) else { return nil }
      return (try found.int(0), try found.digest(1))
    }
  }

  private func missingBlobs(_ report: inout VerifyReport) throws {
    let found = try journal.read { db in
      let sql = """
        SELECT sequence, plan, path, digest FROM backup
        WHERE digest IS NOT NULL AND digest NOT IN (SELECT digest FROM blob WHERE digest IS NOT NULL)
        ORDER BY sequence LIMIT \(VerifyReport.listed)
        """
      return try Row.fetchAll(db, sql: sql).map { row in
        Finding(
          .blob, sequence: try row.int(0), plan: PlanID(try row.int(1)),
          "The bytes of the backup of \(try row.text(2)) (event \(try row.int(0))) are missing.")
      }
    }
    for finding in found { report.add(finding) }
  }

  /// Chunks have to unpack, to follow each other without a gap, and to be as many bytes as the
  /// events say were kept.
  func output(_ report: inout VerifyReport) throws {
    var attempt: (plan: Int64, step: String, number: Int64)?
    var end: Int64 = 0
    var after: OutputPlace?
    while true {
      let page = try journal.read { db in try Self.page(db, after: after) }
      for chunk in page {
        report.outputChunks += 1
        let place = chunk.place
        if attempt?.plan != place.plan || attempt?.step != place.step
          || attempt?.number != place.attempt
        {
          attempt = (place.plan, place.step, place.attempt)
          end = 0
        }
        if place.position != end { report.add(finding(place, "lacks bytes before byte")) }
        if !chunk.isSound { report.add(finding(place, "is damaged at byte")) }
        end = place.position + chunk.raw
        after = place
      }
      if page.isEmpty { return }
    }
  }

  private func finding(_ place: OutputPlace, _ what: String) -> Finding {
    Finding(
      .output, plan: PlanID(place.plan),
      "The output of step \"\(place.step)\" of plan \(place.plan), attempt \(place.attempt), "
        + "\(what) \(place.position).")
  }

  private struct OutputPlace {
    let plan: Int64
    let step: String
    let attempt: Int64
    let position: Int64
  }

  private static func page(
    _ db: Database, after: OutputPlace?
  ) throws -> [(place: OutputPlace, raw: Int64, isSound: Bool)] {
    let sql = """
      SELECT plan, step, attempt, position, raw, data FROM output
      WHERE (plan, step, attempt, position) > (?, ?, ?, ?)
      ORDER BY plan, step, attempt, position LIMIT 64
      """
    let values: [(any DatabaseValueConvertible)?] = [
      after?.plan ?? 0, after?.step ?? "", after?.attempt ?? 0, after?.position ?? 0,
    ]
    return try Array(
      db.cachedStatement(sql: sql).rows(values).map { row in
        let place = OutputPlace(
          plan: try row.int(0), step: try row.text(1), attempt: try row.int(2),
          position: try row.int(3))
        let raw = try row.int(4)
        return (place, raw, Zlib.unpack(try row.bytes(5), raw: Int(raw)) != nil)
      })
  }

  /// Output whose end was taken away: fewer bytes than an event says were kept.
  func shortOutput(_ report: inout VerifyReport) throws {
    let found = try journal.read { db in
      let sql = """
        SELECT step.plan, step.id, step.output_kept, coalesce(
          (SELECT sum(raw) FROM output
           WHERE output.plan = step.plan AND output.step = step.id), 0) AS found
        FROM step WHERE step.output_kept > found LIMIT \(VerifyReport.listed)
        """
      return try Row.fetchAll(db, sql: sql).map { row in
        Finding(
          .output, plan: PlanID(try row.int(0)),
          "The output of step \"\(try row.text(1))\" of plan \(try row.int(0)) is shorter "
            + "(\(try row.int(3)) bytes) than the events say (\(try row.int(2))).")
      }
    }
    for finding in found { report.add(finding) }
  }
}
