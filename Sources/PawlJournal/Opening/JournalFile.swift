import Glibc
import PawlModel
import Synchronization

/// What can be said about a journal's file before SQLite sees it. Everything here is read with
/// descriptors of our own, which is safe only while no connection of this process has the file:
/// closing any descriptor of a file drops all POSIX locks that the process holds on it.
struct JournalFile: Sendable {
  enum Use: Sendable { case reading, writing }

  static let applicationID: UInt32 = 1_348_564_844

  let path: String
  /// Device and inode: what POSIX locks go by.
  let key: OpenFiles.Key
  let size: Int64

  /// Throws, with nothing touched, where no usable file is there.
  init(path: String) throws(PawlError) {
    var info = stat()
    guard stat(path, &info) == 0 else { throw Faults.system(errno, "open", path: path) }
    let type = info.st_mode & S_IFMT
    guard type != S_IFDIR else { throw Faults.system(EISDIR, "open", path: path) }
    guard type == S_IFREG else {
      throw PawlError(.noInput, "\(path) is not a plain file, so it is no journal.")
    }
    try Self.requireTrust(info, path: path)
    self.path = path
    key = OpenFiles.Key(device: UInt64(info.st_dev), inode: UInt64(info.st_ino))
    size = Int64(info.st_size)
    guard size > 0 else {
      throw Faults.damaged(path, "it is empty, as a file is whose bytes a power cut has taken")
    }
  }

  /// Root opens only root's journals: a hash chain is no proof against a file's owner, nor against
  /// who can put another file in its place.
  private static func requireTrust(_ info: stat, path: String) throws(PawlError) {
    guard geteuid() == 0 else { return }
    var folder = stat()
    let found = stat(Folders.parent(of: path), &folder) == 0
    let folderIsSafe =
      folder.st_uid == 0 && (folder.st_mode & 0o022 == 0 || folder.st_mode & S_ISVTX != 0)
    guard info.st_uid == 0, info.st_mode & 0o022 == 0, found, folderIsSafe else {
      throw PawlError(
        .notAllowed, "Root uses no journal that another user can write: \(path).",
        hint: "Run as its owner, or name another journal with --journal.")
    }
  }

  /// The header of the file: who made it and for which version. `known` is the newest version
  /// that this program can read. Never called while this process has a connection to the file.
  func checkHeader(use: Use, known: Int) throws(PawlError) {
    let descriptor = open(path, (use == .writing ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw Faults.system(errno, use == .writing ? "write" : "read", path: path)
    }
    defer { close(descriptor) }
    var header = [UInt8](repeating: 0, count: 100)
    let count = pread(descriptor, &header, header.count, 0)
    guard count >= 0 else { throw Faults.system(errno, "read", path: path) }
    guard Array(header.prefix(16)) == Array("SQLite format 3\u{0}".utf8) else {
      throw PawlError(
        .damagedJournal, "\(path) is not a journal of Pawl: its first bytes are another format's.",
        hint: "Name the journal with --journal, or restore it from a copy.")
    }
    guard count == header.count else { throw Faults.damaged(path, "it ends inside its header") }
    try Self.check(
      application: Self.word(header, at: 68), version: Int(Self.word(header, at: 60)),
      known: known, path: path)
    try checkLength(header)
  }

  static func check(
    application: UInt32, version: Int, known: Int, path: String
  ) throws(PawlError) {
    guard application == applicationID else {
      throw PawlError(
        .damagedJournal, "\(path) is a database of another program, not a journal of Pawl.",
        hint: "Name the journal with --journal.")
    }
    guard version <= known else { throw newer(path) }
  }

  static func newer(_ path: String) -> PawlError {
    PawlError(
      .newerJournal, "The journal \(path) was written by a newer Pawl than this one.",
      hint: "Use the newer Pawl. Nothing in the journal was touched.")
  }

  /// Compares the pages that the header counts with the file's length, where no write-ahead log
  /// may still hold the rest.
  private func checkLength(_ header: [UInt8]) throws(PawlError) {
    var log = stat()
    guard stat(path + "-wal", &log) != 0 || log.st_size == 0 else { return }
    guard header[24..<28].elementsEqual(header[92..<96]) else { return }
    let pageSize = Int64(header[16]) << 8 | Int64(header[17])
    let pages = Int64(Self.word(header, at: 28))
    guard size < (pageSize == 1 ? 65536 : pageSize) * pages else { return }
    throw Faults.damaged(
      path, "its end is missing (\(size) bytes of \(pageSize * pages) are there)")
  }

  private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// The journals that this process has connections to.
enum OpenFiles {
  struct Key: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
  }

  private static let counts = Mutex<[Key: Int]>([:])

  /// Counts a connection that is about to be made. `first` runs before it, alone, where the
  /// process has no other: only then may the file be opened outside SQLite.
  static func enter(_ key: Key, first: () throws(PawlError) -> Void) throws(PawlError) {
    let result: Result<Void, PawlError> = counts.withLock { counts in
      if counts[key, default: 0] == 0 {
        do throws(PawlError) { try first() } catch { return .failure(error) }
      }
      counts[key, default: 0] += 1
      return .success(())
    }
    try result.get()
  }

  /// Runs `work`, which opens the file outside SQLite, where nobody else in this process has it.
  static func alone(
    _ key: Key, path: String, _ work: () throws(PawlError) -> Void
  ) throws(PawlError) {
    let result: Result<Void, PawlError> = counts.withLock { counts in
      guard counts[key, default: 0] <= 1 else {
        return .failure(
          PawlError(.locked, "The journal \(path) is in use here and cannot be copied for reading.")
        )
      }
      do throws(PawlError) { return .success(try work()) } catch { return .failure(error) }
    }
    try result.get()
  }

  static func leave(_ key: Key) {
    counts.withLock { counts in
      counts[key, default: 1] -= 1
      if counts[key] == 0 { counts[key] = nil }
    }
  }
}
