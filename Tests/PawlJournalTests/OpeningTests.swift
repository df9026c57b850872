import Foundation
import GRDB
import JournalContract
import PawlJournal
import PawlModel
import Testing

@Suite struct OpeningTests {
  @Test("A new journal is private, WAL, marked as ours, and nothing is left beside it")
  func creation() throws {
    let journal = try TestJournal()
    let path = journal.folder + "/deep/er/journal.db"
    let store = try SQLiteJournal.openOrCreate(path: path)
    let mode = { (path: String) in
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(path) == 0o600)
    #expect(try mode(journal.folder + "/deep") == 0o700)
    #expect(try mode(journal.folder + "/deep/er") == 0o700)
    try store.runPlan()
    try store.close()
    let names = try FileManager.default.contentsOfDirectory(atPath: journal.folder + "/deep/er")
    #expect(
      Set(names).isSubset(of: [
        "journal.db", "journal.db-wal", "journal.db-shm", "journal.db.head",
      ]))
    for name in names { #expect(try mode("\(journal.folder)/deep/er/\(name)") == 0o600) }
    let header = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(Array(header[68..<72]) == Array("Pawl".utf8))
    #expect(header[18] == 2 && header[19] == 2)
  }

  @Test("Every writing connection commits with synchronous=FULL in WAL, as read back")
  func durability() throws {
    let journal = try TestJournal()
    for _ in 0..<2 {
      let found = try journal.open().durability()
      #expect(found.journalMode == "wal")
      #expect(found.synchronous == 2)
      #expect(found.foreignKeys)
    }
  }

  @Test("The journal's number is random and stays")
  func number() throws {
    let (one, other) = (try TestJournal(), try TestJournal())
    let id = try one.open().journalID
    #expect(id.count == 32)
    #expect(try one.open().journalID == id)
    #expect(try other.open().journalID != id)
  }

  @Test("A journal that is not there is made by openOrCreate only")
  func missing() throws {
    let journal = try TestJournal()
    let error = fault { _ = try SQLiteJournal.open(path: journal.path) }
    #expect(error?.code == .noInput)
    #expect(fault { _ = try SQLiteJournal.openReading(path: journal.path) }?.code == .noInput)
    let below = journal.folder + "/no/journal.db"
    #expect(fault { _ = try SQLiteJournal.open(path: below) }?.code == .noInput)
    #expect(try journal.names.isEmpty)
  }

  @Test("A path through a file, or one that is a folder, is told as such")
  func wrongPlace() throws {
    let journal = try TestJournal()
    try journal.write([1], to: "plain")
    let through = journal.folder + "/plain/journal.db"
    #expect(fault { _ = try SQLiteJournal.openOrCreate(path: through) } != nil)
    let folder = fault { _ = try SQLiteJournal.openOrCreate(path: journal.folder) }
    #expect(folder?.code == .noInput)
    #expect(folder?.message.contains("is a folder") == true)
  }

  struct BadFile: Sendable, CustomStringConvertible {
    let description: String
    let word: String
    let make: @Sendable (TestJournal) throws -> Void
  }

  static let badFiles = [
    BadFile(description: "empty", word: "is empty") { try $0.write([]) },
    BadFile(description: "random bytes", word: "not a journal") { journal in
      try journal.write((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 77 &+ 3) })
    },
    BadFile(description: "a text", word: "not a journal") { try $0.write(Array("hello\n".utf8)) },
    BadFile(description: "cut inside the header", word: "ends inside its header") { journal in
      try Self.closed(journal)
      try journal.write(Array(try journal.bytes().prefix(60)))
    },
    BadFile(description: "cut in the middle", word: "its end is missing") { journal in
      try Self.closed(journal)
      try journal.write(Array(try journal.bytes().prefix(20_000)))
    },
    BadFile(description: "another program's database", word: "another program") { journal in
      try journal.meddle("CREATE TABLE a (b); INSERT INTO a VALUES (1)")
    },
  ]

  private static func closed(_ journal: TestJournal) throws {
    let store = try journal.open()
    try store.runPlan()
    try store.close()
  }

  @Test("A bad file is damaged in plain words, and nothing of it is touched", arguments: badFiles)
  func badFile(_ bad: BadFile) throws {
    let journal = try TestJournal()
    try bad.make(journal)
    let (names, bytes) = (try journal.names, try journal.bytes())
    for open in [SQLiteJournal.openOrCreate, SQLiteJournal.open, SQLiteJournal.openReading] {
      let error = fault { _ = try open(journal.path, JournalMigration.shipped) }
      #expect(error?.code == .damagedJournal)
      #expect(error?.message.contains(bad.word) == true, "\(String(describing: error))")
      #expect(error?.hint != nil)
    }
    #expect(try journal.names == names)
    #expect(try journal.bytes() == bytes)
  }

  @Test("A page that was overwritten is damage in plain words, wherever it is met")
  func overwrittenPages() throws {
    let journal = try TestJournal()
    try Self.closed(journal)
    var bytes = try journal.bytes()
    for index in 4096..<bytes.count { bytes[index] = 0xA5 }
    try journal.write(bytes)
    let error = fault {
      let store = try SQLiteJournal.open(path: journal.path)
      _ = try store.plan(PlanID(1))
    }
    #expect(error?.code == .damagedJournal)
  }

  @Test("A full disk is a full disk, and the refused append leaves nothing")
  func full() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    let plan = try store.runPlan()
    let before = try store.newestHead()
    try store.limitPages()
    let bytes = (0..<2_000_000).map { _ in UInt8.random(in: 0...255) }
    let error = fault { try store.appendOutput(bytes, plan: plan, step: "s1", attempt: 1) }
    #expect(error?.code == .diskFull)
    #expect(try store.newestHead() == before)
    #expect(try store.outputSizes(of: plan).isEmpty)
  }

  @Test("A journal that somebody else keeps locked is reported as locked", .timeLimit(.minutes(15)))
  func locked() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    let other = try DatabaseQueue(path: journal.path)
    try other.writeWithoutTransaction { db in
      try db.beginTransaction(.immediate)
      let error = fault { try store.runPlan() }
      #expect(error?.code == .locked)
      try db.rollback()
    }
    try store.runPlan()
  }
}
