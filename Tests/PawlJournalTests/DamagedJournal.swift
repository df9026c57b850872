import GRDB
import JournalContract
import PawlJournal
import PawlModel

/// A journal with history of every kind, closed and ready to be damaged.
struct Damaged {
  let journal: TestJournal
  let head: JournalHead?

  init(blobSize: Int = 1000) throws {
    journal = try TestJournal()
    let store = try journal.open()
    try store.runPlan()
    let plan = try store.runPlan()
    let digest = try store.storeBlob { write in
      try write((0..<blobSize).map { UInt8(truncatingIfNeeded: $0 >> 3) })
    }
    let state = FileState.file(
      FileMetadata(mode: 0o644, uid: 0, gid: 0, modifiedNanos: 1), digest: digest,
      size: Int64(blobSize))
    let bodies: [EventBody] = [
      .backup(Backup(path: "/etc/default/grub", before: state)),
      .fileChanged(FileChange(path: "/etc/default/grub", after: state)),
      .checkpoint(Checkpoint(done: 1, expected: 2, basis: "tree", millis: 3, outputBytes: 4)),
    ]
    for _ in 0..<3 {
      try store.appendOutput(Array("CC a.o\n".utf8), plan: plan, step: "s1", attempt: 1)
    }
    try store.append(
      bodies.map { Entry(plan: plan, step: "s1", $0) }
        + [Entry(plan: plan, step: "s1", .output(OutputSummary(bytes: 21, kept: 21)))],
      by: SamplePlans.actor, at: SamplePlans.stamp(1000))
    head = try store.newestHead()
    try store.close()
  }

  /// What a person with a database tool can do who knows of the triggers.
  func damage(_ sql: String) throws {
    let queue = try DatabaseQueue(path: journal.path)
    try queue.writeWithoutTransaction { db in
      let triggers = try Row.fetchAll(
        db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
      for row in triggers { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") }
      try db.execute(
        sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; \(sql)")
      for row in triggers { try db.execute(sql: row["sql"]) }
    }
    try queue.close()
  }

  func verify(head: JournalHead? = nil) throws -> VerifyReport {
    try JournalVerifier(SQLiteJournal.openReading(path: journal.path)).verify(head: head)
  }
}
