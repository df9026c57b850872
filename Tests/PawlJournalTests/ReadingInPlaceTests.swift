import Foundation
import GRDB
import Glibc
import JournalContract
import PawlJournal
import PawlModel
import Testing

/// Runs work on this thread as a user who is nobody; only root can.
private func asNobody<Value>(_ work: () throws -> Value) throws -> Value? {
  guard geteuid() == 0, let symbol = dlsym(nil, "setfsuid") else { return nil }
  typealias Setter = @convention(c) (UInt32) -> Int32
  let setFileUser = unsafeBitCast(symbol, to: Setter.self)
  _ = setFileUser(65534)
  defer { _ = setFileUser(0) }
  return try work()
}

@Suite struct ReadingInPlaceTests {
  /// A journal with a plan that only the write-ahead log holds, as a crash leaves it.
  private func crashed(in folder: TestJournal) throws -> PlanID {
    let original = try TestJournal()
    let store = try original.open()
    let plan = try store.runPlan()
    for name in ["journal.db", "journal.db-wal"] {
      try folder.write(try original.bytes(of: name), to: name)
    }
    return plan
  }

  @Test("A reader sees what a writer commits, and cannot write")
  func beside() throws {
    let journal = try TestJournal()
    let writer = try journal.open()
    let reader = try SQLiteJournal.openReading(path: journal.path)
    let plan = try writer.runPlan()
    #expect(try reader.plan(plan)?.state == .succeeded)
    #expect(fault { try reader.runPlan() }?.code == .notAllowed)
  }

  @Test("A reader who may not write the folder sees what only the log holds, and changes nothing")
  func readOnlyFolder() throws {
    let journal = try TestJournal()
    let plan = try crashed(in: journal)
    chmod(journal.folder, 0o555)
    chmod(journal.path, 0o644)
    chmod(journal.path + "-wal", 0o644)
    let names = try journal.names
    let state = try asNobody { try SQLiteJournal.openReading(path: journal.path).plan(plan)?.state }
    if let state { #expect(state == .succeeded) }
    #expect(try journal.names == names)
    chmod(journal.folder, 0o700)
  }

  @Test("A user without permission is told so")
  func noPermission() throws {
    let journal = try TestJournal()
    try journal.open().close()
    let asked = try asNobody {
      [
        fault { _ = try SQLiteJournal.open(path: journal.path) }?.code,
        fault { _ = try SQLiteJournal.openReading(path: journal.path) }?.code,
        fault { _ = try SQLiteJournal.openOrCreate(path: journal.path) }?.code,
        fault { _ = try SQLiteJournal.openOrCreate(path: journal.folder + "/new/j.db") }?.code,
      ]
    }
    if let asked { #expect(asked == [.notAllowed, .notAllowed, .notAllowed, .notAllowed]) }
  }

  @Test("A journal that this user may read, but not write, is not opened for writing")
  func readOnlyFile() throws {
    let journal = try TestJournal()
    try journal.open().close()
    chmod(journal.folder, 0o755)
    chmod(journal.path, 0o644)
    let code = try asNobody { fault { _ = try SQLiteJournal.open(path: journal.path) }?.code }
    if let code { #expect(code == .notAllowed) }
  }

  @Test("Root uses no journal that another user can write")
  func trust() throws {
    guard geteuid() == 0 else { return }
    let journal = try TestJournal()
    try journal.open().close()
    chown(journal.path, 65534, 65534)
    #expect(fault { _ = try SQLiteJournal.open(path: journal.path) }?.code == .notAllowed)
    chown(journal.path, 0, 0)
    chmod(journal.path, 0o666)
    #expect(fault { _ = try SQLiteJournal.openReading(path: journal.path) }?.code == .notAllowed)
    chmod(journal.path, 0o600)
    chmod(journal.folder, 0o777)
    #expect(fault { _ = try SQLiteJournal.open(path: journal.path) }?.code == .notAllowed)
  }

  @Test("Opening a journal twice here keeps the locks of the first")
  func locksStay() throws {
    let journal = try TestJournal()
    let first = try journal.open()
    try first.runPlan()
    for _ in 0..<3 {
      _ = try SQLiteJournal.openReading(path: journal.path).statusPlan()
      _ = try journal.open().statusPlan()
    }
    // Were the locks gone, another process would think the log abandoned and reset it.
    let other = Process()
    other.executableURL = URL(fileURLWithPath: "/bin/cat")
    other.arguments = ["/proc/locks"]
    let pipe = Pipe()
    other.standardOutput = pipe
    try other.run()
    let locks = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    other.waitUntilExit()
    var info = stat()
    stat(journal.path + "-shm", &info)
    #expect(locks.contains(":\(info.st_ino) "))
    try first.runPlan()
  }
}
