import GRDB
import Glibc
import PawlModel

/// A copy of database and write-ahead log in a private folder, for journals that SQLite cannot
/// read where they are. Never `immutable=1`: that would leave out what only the log holds.
final class AsideCopy: Sendable {
  let folder: String
  var database: String { folder + "/journal.db" }

  static func open(
    _ path: String, files: OpenedFiles, migrations: [JournalMigration]
  ) throws(PawlError) -> OpenedJournal {
    let copy = try AsideCopy()
    try OpenFiles.alone(files.file.key, path: path) { () throws(PawlError) in
      try copy.take(path)
    }
    return try Faults.translating(path) {
      let queue = try Connection.writing(copy.database)
      try queue.read { db in
        try OpenedJournal.requireOurs(db, path: path, known: migrations.count)
      }
      try MigrationRunner(migrations: migrations).run(queue, path: copy.database, copying: false)
      return try OpenedJournal(
        queue, path: path, files: files, migrations: migrations, writing: false, copy: copy)
    }
  }

  private init() throws(PawlError) {
    for base in ["/tmp", "/run", "/dev/shm"] {
      var template = Array("\(base)/pawl-reading-XXXXXX".utf8CString)
      if mkdtemp(&template) != nil {
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return
      }
    }
    throw PawlError(
      .notAllowed, "The journal cannot be read in place, and no folder is left to copy it to.",
      hint: "Make /tmp or /run writable.")
  }

  deinit {
    for suffix in ["", "-wal", "-shm"] { unlink(database + suffix) }
    rmdir(folder)
  }

  /// Copies both files, and again where one of them changed meanwhile.
  private func take(_ path: String) throws(PawlError) {
    for _ in 0..<5 {
      let before = [Self.mark(path), Self.mark(path + "-wal")]
      try Self.copy(path, to: database)
      if before[1] != nil { try Self.copy(path + "-wal", to: database + "-wal") }
      if before == [Self.mark(path), Self.mark(path + "-wal")] { return }
    }
    throw PawlError(
      .locked, "The journal \(path) is written too fast to be copied for reading.",
      hint: "Try again, or run as the owner of the journal.")
  }

  private struct Mark: Hashable {
    let size: Int
    let seconds: Int
    let nanos: Int
  }

  private static func mark(_ path: String) -> Mark? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return Mark(size: info.st_size, seconds: info.st_mtim.tv_sec, nanos: info.st_mtim.tv_nsec)
  }

  private static func copy(_ source: String, to target: String) throws(PawlError) {
    let input = Glibc.open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw Faults.system(errno, "read", path: source) }
    defer { close(input) }
    let output = Glibc.open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw Faults.system(errno, "copy the journal to", path: target) }
    defer { close(output) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = Glibc.read(input, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Faults.system(errno, "read", path: source) }
      guard count > 0 else { return }
      try Folders.writeAll(buffer[..<count], to: output, path: target)
    }
  }
}
