import GRDB
import PawlModel

/// Looks through a whole journal for what was changed, taken away or damaged. Only reads; holds
/// one plan at a time in memory; events that come while it works are left for the next time.
public struct JournalVerifier {
  private let journal: SQLiteJournal

  public init(_ journal: SQLiteJournal) { self.journal = journal }

  /// Compares with `head` where one is given, that somebody kept elsewhere, and with `FILE.head`
  /// where there is one. Throws only where the journal cannot be read at all; what is wrong in it
  /// is in the report.
  public func verify(head: JournalHead? = nil) throws -> VerifyReport {
    var report = VerifyReport()
    do {
      try check(&report, head: head)
    } catch let error as PawlError where error.code == .damagedJournal {
      report.add(Finding(.file, error.message))
    }
    return report
  }

  private func check(_ report: inout VerifyReport, head: JournalHead?) throws {
    for finding in try SchemaCheck.findings(journal) { report.add(finding) }
    // Read first: it may only be behind what is read after it.
    let heads = try heads(given: head, &report)
    let chain = try chain(&report)
    for head in heads { try compare(head, chain, &report) }
    report.comparedWith = heads.first
    try projections(chain, &report)
    let bytes = BytesCheck(journal: journal)
    try bytes.blobs(&report)
    try bytes.output(&report)
    try bytes.shortOutput(&report)
  }

  private func chain(_ report: inout VerifyReport) throws -> ChainCheck {
    var check = ChainCheck()
    try journal.read { db in
      let sql = "SELECT \(EventRows.columns) FROM event ORDER BY sequence"
      let rows = try Row.fetchCursor(db, sql: sql)
      while let row = try rows.next() { try check.add(row) }
    }
    check.finish()
    for finding in check.findings { report.add(finding) }
    report.unlisted += check.unlisted
    report.events = check.count
    report.head = check.last
    return check
  }

  private func heads(
    given: JournalHead?, _ report: inout VerifyReport
  ) throws -> [JournalHead] {
    var file = try headFile(&report)
    if let found = file, found.journalID != journal.journalID {
      report.add(
        Finding(
          .otherJournal,
          "\(HeadFile.path(of: journal.path)) is the head of another journal than this one."))
      file = nil
    }
    return [given, file?.head, copiedHead(&report)].compactMap { $0 }
  }

  /// The copy on another disk; one that cannot be read says nothing.
  private func copiedHead(_ report: inout VerifyReport) -> JournalHead? {
    guard let path = journal.headCopyPath, let copy = try? HeadFile.read(at: path) else {
      return nil
    }
    guard copy.journalID == journal.journalID else {
      report.add(Finding(.otherJournal, "\(path) is the head of another journal than this one."))
      return nil
    }
    return copy.head
  }

  private func headFile(_ report: inout VerifyReport) throws(PawlError) -> HeadFile? {
    do throws(PawlError) {
      return try HeadFile.read(of: journal.path)
    } catch {
      guard error.code == .damagedJournal else { throw error }
      report.add(Finding(.unreadableHead, error.message))
      return nil
    }
  }

  private func compare(
    _ head: JournalHead, _ chain: ChainCheck, _ report: inout VerifyReport
  ) throws {
    let newest = chain.last?.sequence ?? 0
    guard head.sequence <= newest else {
      report.add(
        Finding(
          .rewound, sequence: head.sequence,
          "The journal ends at event \(newest), but its head was at event \(head.sequence): its "
            + "end is missing, or this is an older copy."))
      return
    }
    let hash = try journal.read { db in
      try String.fetchOne(
        db, sql: "SELECT hash FROM event WHERE sequence = ?", arguments: [head.sequence])
    }
    guard hash != head.hash.hex else { return }
    report.add(
      Finding(
        .otherHistory, sequence: head.sequence,
        "Event \(head.sequence) is another one than the head says: history was rewritten before it."
      ))
  }

  /// Where events are changed or missing, nobody can say what the projections should be.
  private func projections(_ chain: ChainCheck, _ report: inout VerifyReport) throws {
    guard chain.isWhole else { return }
    var last: Int64 = 0
    while let plan = try nextPlan(after: last) {
      last = plan.number
      report.plans += 1
      let findings = try journal.read { db in
        try ProjectionCheck(db: db, plan: plan).findings()
      }
      for finding in findings { report.add(finding) }
    }
  }

  /// Any plan that a table names, so that rows without events are found too.
  private func nextPlan(after number: Int64) throws -> PlanID? {
    try journal.read { db in
      let tables = ["event": "plan", "plan": "id"].merging(
        ["step", "approval", "attempt", "backup", "file_change", "checkpoint", "plan_subject"].map {
          ($0, "plan")
        }, uniquingKeysWith: { first, _ in first })
      let selects = tables.map { table, column in
        "SELECT min(\(column)) AS plan FROM \(table) WHERE \(column) > \(number)"
      }
      let sql = "SELECT min(plan) FROM (\(selects.sorted().joined(separator: " UNION ALL ")))"
      return try Int64.fetchOne(db, sql: sql).map { PlanID($0) }
    }
  }
}
