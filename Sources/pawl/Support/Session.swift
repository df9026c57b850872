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
    try refuseLost(path)
    if creating {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try host.makeFolder(at: folder, mode: 0o700, as: LiveHost.ownIdentity())
    }
    try JournalPlace(journalPath: path, allowsAnyFileSystem: options.rootPath != "/").check()
    let journal =
      creating ? try SQLiteJournal.openOrCreate(path: path) : try SQLiteJournal.open(path: path)
    try refuseRewound(journal)
    return Session(options: options, journal: journal, host: host)
  }

  /// Where only the head is left, a new journal would know nothing of what was done here.
  private static func refuseLost(_ path: String) throws {
    guard !FileManager.default.fileExists(atPath: path), let head = try HeadFile.read(of: path)
    else { return }
    throw PawlError(
      .needsPerson,
      "There is no journal at \(path), but \(path).head knows one with \(head.head.sequence) events.",
      hint: "Bring it back, or mount the disk that it is on. To begin anew, move \(path).head away."
    )
  }

  /// A journal that an older copy was put in place of knows less than was done: it is not believed.
  static func refuseRewound(_ journal: SQLiteJournal) throws {
    let fault: String
    switch try journal.headStatus() {
    case .none, .holds: return
    case .behind(let newest, let head):
      fault = "it ends at event \(newest), but event \(head) was written once"
    case .otherHistory(let sequence): fault = "its event \(sequence) is another one"
    case .otherJournal: fault = "it is another journal"
    }
    throw PawlError(
      .needsPerson,
      "\(journal.path) is not the journal that \(journal.path).head belongs to: \(fault).",
      hint: "Bring back the right file, or look with `pawl history verify`; nothing was changed.")
  }

  /// For verbs that only answer: never creates, never changes.
  static func reading(_ options: GlobalOptions) throws -> Session {
    try refuseLost(options.journalPath)
    let journal = try SQLiteJournal.openReading(path: options.journalPath)
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
