import Glibc
import PawlHost
import PawlModel
import Testing

@Suite struct JournalPlaceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func place(_ name: String) -> JournalPlace {
    JournalPlace(journalPath: folder(name), allowsAnyFileSystem: true)
  }

  private func mode(_ name: String) -> mode_t {
    var found = stat()
    stat(folder(name), &found)
    return found.st_mode & 0o7777
  }

  @Test("a new journal's folder and file are their owner's alone")
  func creation() throws {
    try place("state/journal.db").prepare()
    #expect(mode("state") == 0o700)
    #expect(mode("state/journal.db") == 0o600)
    try place("state/journal.db").prepare()
  }

  @Test("a place in memory is refused unless that is allowed")
  func memory() throws {
    guard access("/dev/shm", W_OK) == 0 else { return }
    let error = refusal { try JournalPlace(journalPath: "/dev/shm/pawl/journal.db").prepare() }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("memory") == true)
    #expect(access("/dev/shm/pawl", F_OK) != 0)
  }

  @Test("root refuses a folder that others can write to", .enabled(if: isRoot, why))
  func openFolder() throws {
    try place("state/journal.db").prepare()
    chmod(folder("state"), 0o777)
    #expect(refusal { try place("state/journal.db").check() }?.code == .notAllowed)
  }

  @Test(
    "root refuses another user's journal, and each file beside one", .enabled(if: isRoot, why),
    arguments: ["", "-wal", "-shm", ".lock", ".head"])
  func foreignFile(_ companion: String) throws {
    try place("state/journal.db").prepare()
    try write("", at: folder("state/journal.db" + companion))
    chown(folder("state/journal.db" + companion), stranger.uid, stranger.gid)
    let error = refusal { try place("state/journal.db").check() }
    #expect(error?.code == .notAllowed)
    #expect(error?.message.contains("journal.db" + companion) == true)
  }

  @Test("root refuses a journal that is a link", .enabled(if: isRoot, why))
  func link() throws {
    try place("state/journal.db").prepare()
    symlink(folder("state/journal.db"), folder("state/other.db"))
    #expect(refusal { try place("state/other.db").check() }?.code == .refused)
  }
}
