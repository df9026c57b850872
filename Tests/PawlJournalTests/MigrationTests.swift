import Foundation
import GRDB
import JournalContract
import PawlJournal
import PawlMigrations
import PawlModel
import Testing

@Suite struct MigrationTests {
  private let next = JournalMigration(
    name: "v0002-notes",
    sql: Array("CREATE TABLE note (text TEXT NOT NULL) STRICT; INSERT INTO note VALUES ('x')".utf8))
  private var both: [JournalMigration] { JournalMigration.shipped + [next] }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func closedJournal() throws -> TestJournal {
    let journal = try TestJournal()
    let store = try journal.open()
    try store.runPlan()
    try store.close()
    return journal
  }

  @Test("The list of migrations is what stands in the folder, in order")
  func list() throws {
    let folder = Self.root.appendingPathComponent("Migrations").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".sql") }.sorted()
    #expect(files == Migrations.ordered.map { $0.name + ".sql" })
    for (file, migration) in zip(files, Migrations.ordered) {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
      #expect([UInt8](bytes) == migration.sql)
    }
  }

  @Test("An older journal is migrated after a private copy of it was made")
  func migrates() throws {
    let journal = try closedJournal()
    let store = try SQLiteJournal.open(path: journal.path, migrations: both)
    #expect(try store.plan(PlanID(1))?.state == .succeeded)
    #expect(try JournalVerifier(store).verify().isSound)
    try store.close()
    let copy = journal.path + ".before-v0002"
    let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let old = try SQLiteJournal.open(path: copy)
    #expect(try old.plan(PlanID(1))?.state == .succeeded)
    #expect(try !journal.names.contains { $0.contains(".new-") })
  }

  @Test("A new journal is made by all migrations, with no copy")
  func fresh() throws {
    let journal = try TestJournal()
    try SQLiteJournal.openOrCreate(path: journal.path, migrations: both).close()
    #expect(try !journal.names.contains { $0.contains("before") })
    try SQLiteJournal.open(path: journal.path, migrations: both).close()
  }

  @Test("A newer journal is refused in words, and not one byte of it changes")
  func newer() throws {
    let journal = try TestJournal()
    try SQLiteJournal.openOrCreate(path: journal.path, migrations: both).close()
    try FileManager.default.removeItem(atPath: journal.path + "-wal")
    try FileManager.default.removeItem(atPath: journal.path + "-shm")
    let (names, bytes) = (try journal.names, try journal.bytes())
    for open in [SQLiteJournal.openOrCreate, SQLiteJournal.open, SQLiteJournal.openReading] {
      let error = fault { _ = try open(journal.path, JournalMigration.shipped) }
      #expect(error?.code == .newerJournal)
      #expect(error?.message.contains("newer Pawl") == true)
    }
    #expect(try journal.names == names)
    #expect(try journal.bytes() == bytes)
  }

  @Test("A journal made by another text of a migration is refused")
  func checksum() throws {
    let journal = try closedJournal()
    let changed = JournalMigration(
      name: JournalMigration.shipped[0].name,
      sql: JournalMigration.shipped[0].sql + Array("-- edited\n".utf8))
    let error = fault { _ = try SQLiteJournal.open(path: journal.path, migrations: [changed]) }
    #expect(error?.code == .damagedJournal)
    #expect(error?.message.contains("another text of v0001-journal") == true)
  }

  @Test("A migration that fails leaves the journal as it was")
  func failing() throws {
    let journal = try closedJournal()
    let bad = JournalMigration(
      name: "v0002-bad", sql: Array("CREATE TABLE half (a); SELECT * FROM nowhere".utf8))
    let migrations = JournalMigration.shipped + [bad]
    #expect(fault { _ = try SQLiteJournal.open(path: journal.path, migrations: migrations) } != nil)
    let store = try SQLiteJournal.open(path: journal.path)
    #expect(try JournalVerifier(store).verify().isSound)
  }

  @Test("A reader of an older journal reads a migrated copy and leaves the journal alone")
  func readingOlder() throws {
    let journal = try closedJournal()
    let bytes = try journal.bytes()
    let reader = try SQLiteJournal.openReading(path: journal.path, migrations: both)
    #expect(try reader.plan(PlanID(1))?.state == .succeeded)
    #expect(try journal.bytes() == bytes)
  }

  @Test("Every journal that was ever shipped opens, verifies and goes on")
  func fixtures() throws {
    let folder = Self.root.appendingPathComponent("Fixtures/journals").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".db") }
    #expect(files.contains("v0001.db"))
    for file in files {
      let journal = try TestJournal()
      try journal.write([UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: journal.path)
      let store = try SQLiteJournal.open(path: journal.path)
      #expect(try JournalVerifier(store).verify().findings == [])
      #expect(try store.plan(PlanID(1))?.state == .succeeded)
      #expect(try store.plan(PlanID(2))?.state == .waiting(.person))
      try store.runPlan()
      #expect(try JournalVerifier(store).verify().isSound)
    }
  }

  /// `PAWL_WRITE_FIXTURE=v0001 swift test --filter writeFixture` makes the journal of this
  /// version for later ones; what is there is never written over.
  @Test(
    "A fixture of this version can be made",
    .enabled(if: ProcessInfo.processInfo.environment["PAWL_WRITE_FIXTURE"] != nil))
  func writeFixture() throws {
    let name = try #require(ProcessInfo.processInfo.environment["PAWL_WRITE_FIXTURE"])
    let folder = Self.root.appendingPathComponent("Fixtures/journals").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let journal = try TestJournal()
    let store = try journal.open()
    try store.fillForFixture()
    try store.close()
    try FileManager.default.copyItem(atPath: journal.path, toPath: "\(folder)/\(name).db")
  }
}

extension SQLiteJournal {
  /// A plan that succeeded and one that waits for a person after a failed step, with a backup,
  /// a checkpoint and output.
  fileprivate func fillForFixture() throws {
    try runPlan()
    let id = try createPlan(
      SamplePlans.plan(steps: 4, recipe: "second"), by: SamplePlans.actor,
      at: SamplePlans.stamp(5000))
    let record = try #require(try plan(id))
    let digest = try storeBlob { write in try write(Array("GRUB_DEFAULT=0\n".utf8)) }
    let state = FileState.file(
      FileMetadata(mode: 0o644, uid: 0, gid: 0, modifiedNanos: 1), digest: digest, size: 15)
    let bodies: [EventBody] = [
      .step(StepChange(.start)), .backup(Backup(path: "/etc/default/grub", before: state)),
      .checkpoint(Checkpoint(done: 1, expected: 2, basis: "tree", millis: 3, outputBytes: 4)),
      .output(OutputSummary(bytes: 6, kept: 6)),
      .step(StepChange(.fail, why: "It broke.", exit: ExitReport(.exited(2), millis: 40))),
    ]
    try appendOutput(Array("hello\n".utf8), plan: id, step: "s1", attempt: 1)
    try append(
      [SamplePlans.approval(of: record, "s1"), SamplePlans.entry(id, .run)]
        + bodies.map { Entry(plan: id, step: "s1", $0) }
        + [Entry(plan: id, .plan(PlanChange(.wait(.person), why: "Step s1 failed.")))],
      by: SamplePlans.actor, at: SamplePlans.stamp(6000))
  }
}
