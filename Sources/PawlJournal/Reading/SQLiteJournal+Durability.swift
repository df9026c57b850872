import GRDB
import PawlModel

/// What SQLite answers when asked how it commits.
public struct Durability: Sendable, Hashable {
  public let journalMode: String
  /// 2 is FULL: a commit is synced before it returns.
  public let synchronous: Int
  public let foreignKeys: Bool
}

extension SQLiteJournal {
  /// Reads the settings of this connection back: for `doctor`, and for tests.
  public func durability() throws -> Durability {
    try Faults.translating(path) {
      try queue.unsafeRead { db in
        Durability(
          journalMode: try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "",
          synchronous: try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1,
          foreignKeys: try Int.fetchOne(db, sql: "PRAGMA foreign_keys") == 1)
      }
    }
  }

  /// Lets the database grow no further than it is: a full disk for a test.
  package func limitPages() throws {
    try Faults.translating(path) {
      try queue.writeWithoutTransaction { db in
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages + 4)")
      }
    }
  }
}
