import GRDB
import PawlModel

/// What `FILE.head` says about the journal beside it.
public enum HeadStatus: Sendable, Hashable {
  case none
  case holds
  /// The journal lacks events that the head knows: it is a rewound or shortened copy.
  case behind(journal: Int64, head: Int64)
  /// The event that the head names is another one here.
  case otherHistory(at: Int64)
  case otherJournal
}

extension SQLiteJournal {
  /// Reads two rows and one small file: cheap enough to ask before anything is run. Throws where
  /// the head file is damaged.
  public func headStatus() throws -> HeadStatus {
    try status(of: try HeadFile.read(of: path))
  }

  /// What the copy of the head says, where one is kept. One that cannot be read says nothing: the
  /// head beside the journal is what stops a plan.
  public func headCopyStatus() throws -> HeadStatus {
    guard let copy = headCopyPath else { return .none }
    return try status(of: try? HeadFile.read(at: copy))
  }

  private func status(of head: HeadFile?) throws -> HeadStatus {
    guard let file = head else { return .none }
    guard file.journalID == journalID else { return .otherJournal }
    let newest = try newestHead()?.sequence ?? 0
    guard file.head.sequence <= newest else {
      return .behind(journal: newest, head: file.head.sequence)
    }
    let hash = try read { db in
      try String.fetchOne(
        db, sql: "SELECT hash FROM event WHERE sequence = ?", arguments: [file.head.sequence])
    }
    return hash == file.head.hash.hex ? .holds : .otherHistory(at: file.head.sequence)
  }
}
