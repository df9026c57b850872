import GRDB
import PawlModel

/// Compares tables, indexes and triggers with those that the migrations make: a trigger that was
/// taken away is how history would be edited.
enum SchemaCheck {
  static func findings(_ journal: SQLiteJournal) throws -> [Finding] {
    let found = try journal.read { db in try schema(db) }
    let fresh = try DatabaseQueue()
    try fresh.writeWithoutTransaction { db in
      for migration in journal.migrations {
        try db.execute(sql: String(decoding: migration.sql, as: UTF8.self))
      }
    }
    let wanted = try fresh.read { db in try schema(db) }
    let names = Set(found.keys).union(wanted.keys).sorted()
    return names.compactMap { name in
      guard found[name] != wanted[name] else { return nil }
      guard found[name] != nil else {
        return Finding(.schema, "The \(name) of the journal is missing.")
      }
      return Finding(
        .schema,
        wanted[name] == nil
          ? "The \(name) is none of the journal's own."
          : "The \(name) of the journal was changed.")
    }
  }

  private static func schema(_ db: Database) throws -> [String: String] {
    let sql = """
      SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      """
    let rows = try Row.fetchAll(db, sql: sql)
    return Dictionary(
      try rows.map { (try $0.text(0), try $0.optionalText(1) ?? "") },
      uniquingKeysWith: { first, _ in first })
  }
}
