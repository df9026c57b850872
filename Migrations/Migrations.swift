/// The journal's migrations in order, embedded in the binary. Never edited once landed.
public enum Migrations {
  public static let ordered: [(name: String, sql: [UInt8])] = [
    ("v0001-journal", PackageResources.v0001_journal_sql)
  ]
}
