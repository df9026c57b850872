import GRDB
import PawlModel
import Synchronization

/// The journal in one SQLite file. Several objects, in this process or in others, may have the
/// same file open: every append takes the database's write lock first and chains to whatever is
/// newest then.
public final class SQLiteJournal: JournalStore, Sendable {
  public let journalID: String
  /// The file that was asked for. What is read may be a copy of it, on media that nobody can write.
  public let path: String

  let queue: DatabaseQueue
  let migrations: [JournalMigration]
  let cache = RecordCache()
  private let files: OpenedFiles
  private let copy: AsideCopy?
  private let writing: Bool
  private let state = Mutex(State())

  private struct State {
    /// Set when the disk failed in the middle of a commit: nobody knows what is on it.
    var fault: PawlError?
    /// A head that could not be written yet.
    var owedHead: HeadFile?
    /// Where another copy of the head is kept, and one that could not be written yet.
    var copyPath: String?
    var owedCopy: HeadFile?
  }

  init(_ opened: OpenedJournal) {
    queue = opened.queue
    journalID = opened.journalID
    path = opened.path
    migrations = opened.migrations
    files = opened.files
    copy = opened.copy
    writing = opened.writing
  }

  deinit { try? queue.close() }

  /// Durable when it returns: the plan is one event, committed with its projections.
  public func createPlan(
    _ plan: FrozenPlan, by actor: Actor, at stamp: Stamp
  ) throws -> PlanID {
    try transaction { db in
      var appender = try Appender(db, path: path, by: actor, at: stamp)
      let id = try appender.create(plan)
      return (id, appender)
    }
  }

  @discardableResult
  public func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    guard !entries.isEmpty else { return try newestHead()?.sequence ?? 0 }
    let appender = try transaction { db in
      var appender = try Appender(db, path: path, by: actor, at: stamp)
      for entry in entries { try appender.append(entry, cache: cache) }
      return (appender, appender)
    }
    if let mover = entries.last(where: \.body.movesHead) {
      let head = JournalHead(sequence: appender.sequence, hash: appender.hash)
      let file = HeadFile(head: head, journalID: journalID, plan: mover.plan)
      writeHead(file)
      if entries.contains(where: \.body.movesHeadCopy) { writeCopy(file) }
    } else {
      writeOwedHead()
    }
    return appender.sequence
  }

  public func plan(_ id: PlanID) throws -> PlanRecord? {
    let record = try read { db in try cache.take(id, from: db) }
    if let record { cache.keep([record]) }
    return record
  }

  public func newestSequence(of plan: PlanID) throws -> Int64 {
    try read { db in
      let sql = "SELECT max(sequence) FROM event WHERE plan = ?"
      return try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: [plan.number]) ?? 0
    }
  }

  /// Sequence and hash of the newest event; nil in an empty journal.
  public func newestHead() throws -> JournalHead? {
    try read { db in
      try EventRows.newest(db).map { JournalHead(sequence: $0.sequence, hash: $0.hash) }
    }
  }

  /// Keeps the head in another place too, on another disk: a journal that is put back together with
  /// its own head is known by that one. A place that cannot be written stops nothing. Checkpoints are
  /// left out: they come every few seconds, and an older head tells as much.
  public func keepHeadCopy(at path: String) { state.withLock { $0.copyPath = path } }

  /// The place named in `keepHeadCopy`.
  public var headCopyPath: String? { state.withLock { $0.copyPath } }

  /// Why `FILE.head` is behind, where it could not be written; the next append tries again.
  public var isHeadOwed: Bool { state.withLock { $0.owedHead != nil } }

  /// Closes the file. Whatever was committed stays; every later call throws.
  public func close() throws {
    try Faults.translating(path) { try queue.close() }
  }

  /// Runs in a read transaction: everything in it sees one state of the journal.
  ///
  /// GRDB's own `read` sets `query_only` around the work where the connection may write, and after
  /// each such pragma SQLite compiles every statement anew.
  func read<Value>(_ work: (Database) throws -> Value) throws(PawlError) -> Value {
    try Faults.translating(path) {
      writing ? try inTransaction(.deferred, work) : try queue.read(work)
    }
  }

  /// Runs in an immediate transaction, durable when this returns; thrown errors leave nothing.
  func write<Value>(_ work: (Database) throws -> Value) throws(PawlError) -> Value {
    try requireWritable()
    do throws(PawlError) {
      return try Faults.translating(path) { try inTransaction(.immediate, work) }
    } catch {
      if error.code == .inputOutput { state.withLock { $0.fault = error } }
      throw error
    }
  }

  private func inTransaction<Value>(
    _ kind: Database.TransactionKind, _ work: (Database) throws -> Value
  ) throws -> Value {
    try queue.writeWithoutTransaction { db in
      var value: Value?
      try db.inTransaction(kind) {
        value = try work(db)
        return .commit
      }
      guard let value else { throw PawlError(.internalFault, "A transaction had no result.") }
      return value
    }
  }

  private func transaction<Value>(
    _ work: (Database) throws -> (Value, Appender)
  ) throws(PawlError) -> Value {
    let (value, appender) = try write(work)
    cache.keep(appender.records.values)
    return value
  }

  private func requireWritable() throws(PawlError) {
    if let fault = state.withLock({ $0.fault }) { throw fault }
    guard writing else {
      throw PawlError(
        .notAllowed, "The journal \(path) was opened for reading only.",
        hint: "Run as the owner of the journal.")
    }
  }

  /// After the commit: an event that is durable stays so, whether its head could be written or not.
  private func writeHead(_ head: HeadFile) {
    state.withLock { state in
      do throws(PawlError) {
        try head.write(besides: path)
        state.owedHead = nil
      } catch {
        state.owedHead = head
      }
    }
  }

  private func writeCopy(_ head: HeadFile) {
    state.withLock { state in
      guard let path = state.copyPath else { return }
      do throws(PawlError) {
        try head.write(toCopy: path)
        state.owedCopy = nil
      } catch {
        state.owedCopy = head
      }
    }
  }

  private func writeOwedHead() {
    if let owed = state.withLock({ $0.owedHead }) { writeHead(owed) }
    if let owed = state.withLock({ $0.owedCopy }) { writeCopy(owed) }
  }
}
