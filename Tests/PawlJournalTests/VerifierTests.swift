import Foundation
import JournalContract
import PawlJournal
import PawlModel
import Testing

@Suite struct VerifierTests {
  @Test("An untouched journal has no findings and says where it ends")
  func sound() throws {
    let damaged = try Damaged()
    let report = try damaged.verify(head: damaged.head)
    #expect(report.findings == [])
    #expect(report.events == Int(damaged.head?.sequence ?? 0))
    #expect(report.head == damaged.head)
    #expect(report.plans == 2 && report.blobs == 1 && report.outputChunks == 3)
  }

  @Test(
    "A change in any column of an event names that event",
    arguments: [
      "plan = 1", "step = 's2'", "step = NULL", "attempt = attempt + 1", "kind = 'note'",
      "wall_ms = wall_ms + 1", "boot_id = boot_id || 'x'", "boot_ms = boot_ms + 1",
      "actor = CAST(replace(CAST(actor AS TEXT), '1000', '1001') AS BLOB)",
      "payload = CAST(replace(CAST(payload AS TEXT), 'start', 'stare') AS BLOB)",
      "previous = '1' || substr(previous, 2, 63)", "hash = 'g' || substr(hash, 2, 63)",
      "hash = CASE substr(hash, 64) WHEN 'a' THEN substr(hash, 1, 63) || 'b' "
        + "ELSE substr(hash, 1, 63) || 'a' END",
    ])
  func changedColumn(_ assignment: String) throws {
    let damaged = try Damaged()
    try damaged.damage(
      "UPDATE event SET \(assignment) WHERE sequence = "
        + "(SELECT max(sequence) FROM event WHERE plan = 2 AND CAST(payload AS TEXT) LIKE '%start%')"
    )
    let report = try damaged.verify()
    let finding = try #require(report.findings.first)
    #expect(report.findings.count == 1)
    #expect(finding.kind == .changedEvent)
    #expect(finding.message.contains("Event \(finding.sequence ?? 0) "))
    #expect(finding.message.contains("was changed"))
  }

  @Test("A deleted event is a gap")
  func deleted() throws {
    let damaged = try Damaged()
    try damaged.damage("DELETE FROM event WHERE sequence IN (5, 6, 9)")
    let report = try damaged.verify()
    #expect(report.findings.map(\.kind) == [.missingEvents, .missingEvents])
    #expect(
      report.findings.map(\.message) == ["Events 5 to 6 are missing.", "Event 9 is missing."])
  }

  @Test("Two events that changed places are told as such", arguments: [(5, 6), (4, 11)])
  func exchanged(_ left: Int, _ right: Int) throws {
    let damaged = try Damaged()
    try damaged.damage(
      """
      UPDATE event SET sequence = -1 WHERE sequence = \(left);
      UPDATE event SET sequence = \(left) WHERE sequence = \(right);
      UPDATE event SET sequence = \(right) WHERE sequence = -1;
      """)
    let report = try damaged.verify()
    #expect(report.findings.map(\.kind) == [.exchangedEvents])
    #expect(report.findings.first?.message == "Events \(left) and \(right) were exchanged.")
  }

  @Test("A missing end is seen by FILE.head, or by a head kept elsewhere")
  func truncated() throws {
    let damaged = try Damaged()
    try damaged.damage("DELETE FROM event WHERE sequence > 10")
    let report = try damaged.verify()
    #expect(report.findings.map(\.kind).contains(.rewound))
    try FileManager.default.removeItem(atPath: HeadFile.path(of: damaged.journal.path))
    #expect(try !damaged.verify().findings.map(\.kind).contains(.rewound))
    #expect(try damaged.verify(head: damaged.head).findings.map(\.kind).contains(.rewound))
  }

  @Test("An older copy of the whole file is seen, and so is a rewritten history")
  func rewound() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    try store.runPlan()
    try store.close()
    let old = try journal.bytes()
    let again = try journal.open()
    try again.runPlan()
    try again.close()
    let newHead = try journal.bytes(of: "journal.db.head")
    try journal.write(old)
    try? FileManager.default.removeItem(atPath: journal.path + "-wal")
    let report = try JournalVerifier(SQLiteJournal.openReading(path: journal.path)).verify()
    #expect(report.findings.map(\.kind) == [.rewound])

    let other = try journal.open()
    try other.runPlan(steps: 5)
    try other.close()
    try journal.write(newHead, to: "journal.db.head")
    let rewritten = try JournalVerifier(SQLiteJournal.openReading(path: journal.path)).verify()
    #expect(rewritten.findings.map(\.kind) == [.otherHistory])
  }

  @Test("A head of another journal, or one that cannot be read, is told as such")
  func heads() throws {
    let damaged = try Damaged()
    let name = "journal.db.head"
    let text = String(decoding: try damaged.journal.bytes(of: name), as: UTF8.self)
    let other = text.replacing("journal ", with: "journal x")
    try damaged.journal.write(Array(other.utf8), to: name)
    #expect(try damaged.verify().findings.map(\.kind) == [.otherJournal])
    try damaged.journal.write(Array(text.utf8.prefix(40)), to: name)
    #expect(try damaged.verify().findings.map(\.kind) == [.unreadableHead])
  }

  @Test(
    "A projection that was edited by hand names its table and column",
    arguments: [
      ("plan", "state", "UPDATE plan SET state = 'failed' WHERE id = 2"),
      ("plan", "why", "UPDATE plan SET why = 'because' WHERE id = 2"),
      ("step", "state", "UPDATE step SET state = 'skipped' WHERE plan = 1 AND id = 's2'"),
      ("step", "label", "UPDATE step SET label = 'x' WHERE plan = 1 AND id = 's2'"),
      ("approval", "given", "UPDATE approval SET given = 'digest' WHERE plan = 1"),
      ("attempt", "millis", "UPDATE attempt SET millis = 1 WHERE plan = 1"),
      ("backup", "path", "UPDATE backup SET path = '/etc/x'"),
      ("file_change", "after", "UPDATE file_change SET after = '{}'"),
      ("checkpoint", "done", "UPDATE checkpoint SET done = 99"),
      ("plan_subject", "lacks a row", "DELETE FROM plan_subject WHERE plan = 2"),
      (
        "step", "no event made",
        "INSERT INTO step SELECT 2, 'extra', 9, label, action, risk, "
          + "needs_root, state, digest, approved_digest, attempts, boot_id, why, ending, millis, "
          + "output_bytes, output_kept FROM step WHERE plan = 2 AND id = 's2'"
      ),
      ("plan_subject", "no event made", "INSERT INTO plan_subject VALUES (7, 'module', 'kvm')"),
    ])
  func projection(_ table: String, _ word: String, _ sql: String) throws {
    let damaged = try Damaged()
    try damaged.damage(sql)
    let report = try damaged.verify()
    #expect(!report.findings.isEmpty)
    for finding in report.findings {
      #expect(finding.kind == .projection)
      #expect(finding.message.contains("The table \(table) ("))
      #expect(finding.message.contains(word))
    }
  }

  @Test(
    "Damaged output and blobs are found",
    arguments: [
      (Finding.Kind.output, "UPDATE output SET data = zeroblob(12) WHERE position = 7"),
      (.output, "DELETE FROM output WHERE position = 7"),
      (.output, "DELETE FROM output WHERE position = 14"),
      (.blob, "UPDATE blob_chunk SET data = zeroblob(12) WHERE position = 1"),
      (.blob, "DELETE FROM blob_chunk WHERE position = 1"),
      (.blob, "UPDATE blob_chunk SET position = 9 WHERE position = 0"),
      (.blob, "DELETE FROM blob"),
    ])
  func bytes(_ kind: Finding.Kind, _ sql: String) throws {
    let damaged = try Damaged(blobSize: 262_150)
    try damaged.damage(sql)
    let report = try damaged.verify()
    #expect(!report.findings.isEmpty)
    #expect(report.findings.allSatisfy { $0.kind == kind })
  }

  @Test("A trigger that was taken away is found")
  func schema() throws {
    let damaged = try Damaged()
    try damaged.journal.meddle("DROP TRIGGER event_not_deleted; CREATE TABLE notes (a)")
    let report = try damaged.verify()
    #expect(
      report.findings.map(\.message) == [
        "The table notes is none of the journal's own.",
        "The trigger event_not_deleted of the journal is missing.",
      ])
  }

  @Test("A rewritten chain without a head is seen where the machines refuse it")
  func impossible() throws {
    let damaged = try Damaged()
    let store = try damaged.journal.open()
    var forged = try #require(try lastEvent(store))
    forged.payload = Array(#"{"event":"skip"}"#.utf8)
    forged.kind = "step.changed"
    forged.step = "s1"
    (forged.sequence, forged.previous) = (forged.sequence + 1, forged.hash)
    forged.hash = forged.expectedHash()
    try store.close()
    try damaged.damage(
      """
      INSERT INTO event SELECT \(forged.sequence), plan, 's1', \(forged.attempt), 'step.changed',
        wall_ms, boot_id, boot_ms, actor, CAST('{"event":"skip"}' AS BLOB), hash,
        '\(forged.hash)' FROM event WHERE sequence = \(forged.sequence - 1)
      """)
    #expect(try damaged.verify().findings.map(\.kind) == [.impossibleHistory])
  }

  private func lastEvent(_ store: SQLiteJournal) throws -> EventRecord? {
    var last: EventRecord?
    try store.events { event in
      last = event
      return true
    }
    return last
  }
}
