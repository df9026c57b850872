import Foundation
import Glibc
import PawlHost
import PawlModel
import Testing

@Suite struct RunnerLockTests {
  private let folder: TemporaryFolder
  private let journal: String

  init() throws {
    folder = try TemporaryFolder()
    journal = folder("journal.db")
  }

  @Test("one runner a journal: the second is told who holds it")
  func exclusion() throws {
    #expect(RunnerLock.holder(journalPath: journal) == nil)
    var lock: RunnerLock? = try RunnerLock.acquire(journalPath: journal)
    #expect(RunnerLock.holder(journalPath: journal) == getpid())
    let error = refusal { _ = try RunnerLock.acquire(journalPath: journal) }
    #expect(error?.code == .locked)
    #expect(error?.message.contains("process \(getpid())") == true)
    withExtendedLifetime(lock) {}
    lock = nil
    #expect(RunnerLock.holder(journalPath: journal) == nil)
    _ = try RunnerLock.acquire(journalPath: journal)
  }

  @Test("a pid left in the file by a dead runner holds nothing")
  func stale() throws {
    try write("1\n", at: journal + ".lock")
    #expect(RunnerLock.holder(journalPath: journal) == nil)
    let lock = try RunnerLock.acquire(journalPath: journal)
    #expect(try String(contentsOfFile: journal + ".lock", encoding: .utf8) == "\(getpid())\n")
    withExtendedLifetime(lock) {}
  }

  @Test("looking never makes an acquisition fail")
  func looking() throws {
    for _ in 0..<200 {
      #expect(RunnerLock.holder(journalPath: journal) == nil)
      let lock = try RunnerLock.acquire(journalPath: journal)
      #expect(RunnerLock.holder(journalPath: journal) == getpid())
      withExtendedLifetime(lock) {}
    }
  }

  @Test("the lock file is its owner's alone, and a child does not inherit the lock")
  func privacy() throws {
    let lock = try RunnerLock.acquire(journalPath: journal)
    var found = stat()
    stat(journal + ".lock", &found)
    #expect(found.st_mode & 0o777 == 0o600)
    let pid = try DetachedProcess.start(
      argv: ["/bin/sleep", "60"], environment: [:], logPath: folder("log"))
    defer { kill(pid, SIGKILL) }
    withExtendedLifetime(lock) {}
  }
}
