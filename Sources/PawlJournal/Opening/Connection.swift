import GRDB
import GRDBSQLite
import PawlModel

/// How every connection to a journal is set up, and proof that the setting took.
enum Connection {
  /// Pages of the write-ahead log before it is moved into the database. A checkpoint costs two
  /// syncs, so that an ordinary plan should see none.
  static let checkpointPages = 4000

  /// A connection whose committed transactions survive a power cut: WAL with `synchronous=FULL`,
  /// read back after opening. GRDB's own WAL mode would set NORMAL after our pragmas, therefore
  /// its `journalMode` stays `.default`. With `keepsLog` the emptied log stays at closing: the
  /// read-only user who comes next needs it.
  static func writing(_ path: String, keepsLog: Bool = true) throws -> DatabaseQueue {
    var configuration = common(path)
    configuration.prepareDatabase { db in
      _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
      try db.execute(
        sql: """
          PRAGMA synchronous = FULL;
          PRAGMA wal_autocheckpoint = \(checkpointPages);
          PRAGMA journal_size_limit = \(checkpointPages * 4096);
          PRAGMA temp_store = MEMORY;
          """)
      if keepsLog { try keepLog(db) }
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { db in try requireDurability(db, path: path) }
    return queue
  }

  static func reading(_ path: String) throws -> DatabaseQueue {
    var configuration = common(path)
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Throws where a commit on this connection could be lost to a power cut.
  static func requireDurability(_ db: Database, path: String) throws {
    let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
    let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
    let foreignKeys = try Int.fetchOne(db, sql: "PRAGMA foreign_keys")
    guard mode == "wal" else {
      throw PawlError(
        .cannotCreate,
        "The file system of \(path) cannot hold a journal: SQLite refuses WAL there.",
        hint: "Name a journal on a local disk with --journal.")
    }
    guard synchronous == 2, foreignKeys == 1,
      sqlite3_db_readonly(db.sqliteConnection, "main") == 0
    else {
      throw PawlError(
        .internalFault,
        "SQLite would not make commits to \(path) durable (synchronous is "
          + "\(synchronous ?? -1), not 2), so nothing is run.")
    }
  }

  private static func common(_ path: String) -> Configuration {
    var configuration = Configuration()
    configuration.label = "journal"
    configuration.journalMode = .default
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    }
    return configuration
  }

  private static func keepLog(_ db: Database) throws {
    var one: Int32 = 1
    let code = sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &one)
    guard code == SQLITE_OK else { throw DatabaseError(resultCode: .init(rawValue: code)) }
  }
}
