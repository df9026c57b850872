import Foundation
import GRDB
import Glibc
import PawlMigrations
import PawlModel

/// One file of `Migrations/`. Once landed, neither its name nor its text ever changes.
public struct JournalMigration: Sendable, Hashable {
  public let name: String
  public let sql: [UInt8]

  public init(name: String, sql: [UInt8]) {
    self.name = name
    self.sql = sql
  }

  public var sha256: Digest { SHA256.hash(sql) }

  /// The name without the words: `v0001`.
  var version: String { String(name.prefix { $0 != "-" }) }

  /// What this program was built with, in order.
  public static let shipped = Migrations.ordered.map {
    JournalMigration(name: $0.name, sql: $0.sql)
  }
}

/// Brings a journal to this program's schema: forward only, each migration in a transaction of
/// its own, so that a crash leaves the journal at one version or the next, never between.
struct MigrationRunner {
  let migrations: [JournalMigration]

  /// The migrations that the journal lacks. Throws where it has one that this program does not
  /// know, or one whose text was another.
  func pending(_ db: Database, path: String) throws -> ArraySlice<JournalMigration> {
    guard try db.tableExists("migration") else {
      guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
        throw PawlError(
          .damagedJournal, "\(path) is a database of another program, not a journal of Pawl.",
          hint: "Name the journal with --journal.")
      }
      return migrations[...]
    }
    let applied = try Row.fetchAll(db, sql: "SELECT name, sha256 FROM migration ORDER BY position")
    guard applied.count <= migrations.count else { throw JournalFile.newer(path) }
    for (row, migration) in zip(applied, migrations) {
      let (name, sha256) = (try row.text(0), try row.text(1))
      guard name == migration.name else { throw JournalFile.newer(path) }
      guard sha256 == migration.sha256.hex else {
        throw PawlError(
          .damagedJournal,
          "The journal \(path) was made by another text of \(name) than the one in this Pawl.",
          hint: "Use the Pawl that made it. Nothing in the journal was touched.")
      }
    }
    return migrations[applied.count...]
  }

  /// Applies what is pending. A copy of a journal that has data is taken first, as
  /// `FILE.before-vNNNN`, and is durable before the first change.
  func run(_ queue: DatabaseQueue, path: String, copying: Bool) throws {
    let pending = try queue.read { db in try self.pending(db, path: path) }
    guard let first = pending.first else { return }
    if copying { try copy(queue, to: "\(path).before-\(first.version)") }
    for migration in pending { try apply(migration, queue, path: path) }
    _ = try queue.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
  }

  private func apply(_ migration: JournalMigration, _ queue: DatabaseQueue, path: String) throws {
    let text = String(decoding: migration.sql, as: UTF8.self)
    try queue.writeWithoutTransaction { db in
      try db.inTransaction(.immediate) {
        // Another process may have been faster.
        guard try pending(db, path: path).contains(migration) else { return .rollback }
        try db.execute(sql: text)
        try db.execute(
          sql: """
            INSERT INTO migration (position, name, sha256, applied_wall_ms)
            SELECT coalesce(max(position), 0) + 1, ?, ?,
              CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
            FROM migration
            """, arguments: [migration.name, migration.sha256.hex])
        let version = try Int.fetchOne(db, sql: "SELECT count(*) FROM migration") ?? 0
        try db.execute(sql: "PRAGMA user_version = \(version)")
        return .commit
      }
    }
  }

  private func copy(_ queue: DatabaseQueue, to path: String) throws {
    let aside = "\(path).new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try Folders.createPrivate(aside)
    do {
      let target = try DatabaseQueue(path: aside)
      try queue.backup(to: target)
      try target.close()
      try Folders.syncFile(aside)
      guard rename(aside, path) == 0 else {
        throw Faults.system(errno, "name the copy", path: path)
      }
    } catch {
      unlink(aside)
      throw error
    }
    try Folders.sync(Folders.parent(of: path))
  }
}
