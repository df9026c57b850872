import GRDB
import Glibc
import PawlModel

extension SQLiteJournal {
  /// Opens the journal, or makes one where no file is there. A new journal appears under its name
  /// only when it is complete and on disk, and its folder's entry is durable before this returns:
  /// a power cut in the middle leaves no journal, never half of one.
  public static func openOrCreate(
    path: String, migrations: [JournalMigration] = JournalMigration.shipped
  ) throws -> SQLiteJournal {
    var info = stat()
    if stat(path, &info) != 0, errno == ENOENT {
      try JournalCreation.create(path, migrations: migrations)
    }
    return try open(path: path, migrations: migrations)
  }

  /// Opens a journal that has to be there. An older one is brought to this program's schema, after
  /// a copy was taken; a newer one is refused with nothing touched.
  public static func open(
    path: String, migrations: [JournalMigration] = JournalMigration.shipped
  ) throws -> SQLiteJournal {
    let files = try OpenedFiles(path, use: .writing, known: migrations.count)
    return try Faults.translating(path) {
      let queue = try Connection.writing(path)
      let runner = MigrationRunner(migrations: migrations)
      try queue.read { db in try OpenedJournal.requireOurs(db, path: path, known: migrations.count)
      }
      try runner.run(queue, path: path, copying: true)
      return SQLiteJournal(
        try OpenedJournal(
          queue, path: path, files: files, migrations: migrations, writing: true))
    }
  }

  /// Opens a journal to look at it. Changes nothing in it, and works on media that cannot be
  /// written: there, what SQLite needs is copied aside and the copy is read.
  public static func openReading(
    path: String, migrations: [JournalMigration] = JournalMigration.shipped
  ) throws -> SQLiteJournal {
    let files = try OpenedFiles(path, use: .reading, known: migrations.count)
    let opened: OpenedJournal? = try Faults.translating(path) {
      do {
        let queue = try Connection.reading(path)
        return try OpenedJournal.current(queue, path: path, files: files, migrations: migrations)
      } catch let error as DatabaseError where needsCopy(error) {
        return nil
      }
    }
    if let opened { return SQLiteJournal(opened) }
    return SQLiteJournal(try AsideCopy.open(path, files: files, migrations: migrations))
  }

  /// Without -shm, and without leave to make one, SQLite cannot read a write-ahead log in place.
  private static func needsCopy(_ error: DatabaseError) -> Bool {
    switch error.resultCode.primaryResultCode {
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM: true
    default: false
    }
  }
}

/// Counts this process's connection to the file while it lives.
final class OpenedFiles: Sendable {
  let file: JournalFile

  init(_ path: String, use: JournalFile.Use, known: Int) throws(PawlError) {
    let file = try JournalFile(path: path)
    try OpenFiles.enter(file.key) { () throws(PawlError) in
      try file.checkHeader(use: use, known: known)
    }
    self.file = file
  }

  deinit { OpenFiles.leave(file.key) }
}

/// A connection that was found to lead to a journal of ours.
struct OpenedJournal {
  let queue: DatabaseQueue
  let path: String
  let journalID: String
  let files: OpenedFiles
  let migrations: [JournalMigration]
  let writing: Bool
  /// Where a copy is read instead of the file itself.
  var copy: AsideCopy?

  init(
    _ queue: DatabaseQueue, path: String, files: OpenedFiles, migrations: [JournalMigration],
    writing: Bool, copy: AsideCopy? = nil
  ) throws {
    self.queue = queue
    self.path = path
    self.files = files
    self.migrations = migrations
    self.writing = writing
    self.copy = copy
    journalID = try queue.read { db in
      guard let id = try String.fetchOne(db, sql: "SELECT id FROM journal") else {
        throw Faults.damaged(path, "it does not say which journal it is")
      }
      return id
    }
  }

  /// nil where the schema is older than this program's.
  static func current(
    _ queue: DatabaseQueue, path: String, files: OpenedFiles, migrations: [JournalMigration]
  ) throws -> OpenedJournal? {
    let pending = try queue.read { db in
      try requireOurs(db, path: path, known: migrations.count)
      return try MigrationRunner(migrations: migrations).pending(db, path: path)
    }
    guard pending.isEmpty else { return nil }
    return try OpenedJournal(
      queue, path: path, files: files, migrations: migrations, writing: false)
  }

  /// The header once more, as SQLite sees it with the write-ahead log.
  static func requireOurs(_ db: Database, path: String, known: Int) throws {
    let application = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    try JournalFile.check(
      application: UInt32(truncatingIfNeeded: application), version: version, known: known,
      path: path)
  }
}
