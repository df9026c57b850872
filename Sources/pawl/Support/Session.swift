import Foundation
import Glibc
import PawlEngine
import PawlHost
import PawlJournal
import PawlModel

/// One command's view of the journal and the host.
struct Session {
  let options: GlobalOptions
  let journal: SQLiteJournal
  let host: LiveHost

  /// For verbs that write; makes the journal where `creating` and there is none.
  static func writing(_ options: GlobalOptions, creating: Bool = false) throws -> Session {
    let path = options.journalPath
    let host = LiveHost()
    try HeadCopy(options).refuseLost()
    if creating {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try host.makeFolder(at: folder, mode: 0o700, as: LiveHost.ownIdentity())
    }
    try JournalPlace(journalPath: path, allowsAnyFileSystem: options.rootPath != "/").check()
    let journal =
      creating ? try SQLiteJournal.openOrCreate(path: path) : try SQLiteJournal.open(path: path)
    HeadCopy(options).keep(by: journal)
    try refuseRewound(journal)
    return Session(options: options, journal: journal, host: host)
  }

  /// For verbs that only answer: never creates, never changes.
  static func reading(_ options: GlobalOptions) throws -> Session {
    try HeadCopy(options).refuseLost()
    let journal = try SQLiteJournal.openReading(path: options.journalPath)
    HeadCopy(options).keep(by: journal)
    return Session(options: options, journal: journal, host: LiveHost())
  }

  func plan(_ id: PlanID) throws -> PlanRecord {
    guard let plan = try journal.plan(id) else {
      throw PawlError(
        .noInput, "There is no plan \(id) in \(options.journalPath).",
        hint: "`pawl history` lists the plans.")
    }
    return plan
  }

  func append(_ entries: [Entry], how: String) throws {
    try journal.append(entries, by: ActorProbe.actor(how: how), at: host.now())
  }

  /// What the engine works with, in a runner and outside of one.
  func context(how: String) -> RunnerContext {
    RunnerContext(
      journal: journal, host: host, actor: ActorProbe.actor(how: how),
      spoolFolder: options.journalPath + ".spool")
  }

  var hasOpenPlans: Bool {
    get throws {
      guard let state = try journal.statusPlan()?.state else { return false }
      return !state.isSettled && state != .planned
    }
  }

  var runnerPID: Int32? { RunnerLock.holder(journalPath: options.journalPath) }
}
