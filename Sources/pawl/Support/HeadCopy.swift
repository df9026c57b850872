import Foundation
import Glibc
import PawlJournal
import PawlModel

/// The heads that tell a journal which was put back: `FILE.head` beside it and, on a host that Pawl
/// looks after, one beside its kernels. The second one is there also where a whole root file system
/// was taken back to an older state.
struct HeadCopy {
  static let place = "/boot/pawl/head"

  private let journalPath: String
  /// nil where this journal has no copy of its head.
  private let copyPath: String?

  init(_ options: GlobalOptions) {
    journalPath = options.journalPath
    let isHosts = geteuid() == 0 && options.rootPath == "/" && options.isDefaultJournal
    copyPath = isHosts && access("/boot", W_OK) == 0 ? Self.place : nil
  }

  func keep(by journal: SQLiteJournal) {
    if let copyPath { journal.keepHeadCopy(at: copyPath) }
  }

  /// Where only a head is left, a new journal would know nothing of what was done here.
  func refuseLost() throws {
    guard !FileManager.default.fileExists(atPath: journalPath) else { return }
    let own = HeadFile.path(of: journalPath)
    var heads = [(own, try HeadFile.read(at: own))]
    if let copyPath { heads.append((copyPath, try? HeadFile.read(at: copyPath))) }
    for (place, head) in heads {
      guard let head else { continue }
      throw PawlError(
        .needsPerson,
        "There is no journal at \(journalPath), but \(place) knows one with "
          + "\(head.head.sequence) events.",
        hint: "Bring it back, or mount the disk that it is on. To begin anew, move \(place) away.")
    }
  }
}

extension Session {
  /// A journal that an older copy was put in place of knows less than was done: it is not believed.
  static func refuseRewound(_ journal: SQLiteJournal) throws {
    try refuse(try journal.headStatus(), by: HeadFile.path(of: journal.path), journal)
    guard let copy = journal.headCopyPath else { return }
    try refuse(try journal.headCopyStatus(), by: copy, journal)
  }

  private static func refuse(_ status: HeadStatus, by head: String, _ journal: SQLiteJournal) throws
  {
    let fault: String
    switch status {
    case .none, .holds: return
    case .behind(let newest, let head):
      fault = "it ends at event \(newest), but event \(head) was written once"
    case .otherHistory(let sequence): fault = "its event \(sequence) is another one"
    case .otherJournal: fault = "it is another journal"
    }
    throw PawlError(
      .needsPerson,
      "\(journal.path) is not the journal that \(head) belongs to: \(fault).",
      hint: "Bring back the right file, or look with `pawl history verify`; nothing was changed.")
  }
}
