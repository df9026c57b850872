import Foundation
import Glibc
import PawlModel

/// Sequence and hash of an event: whoever has kept it can tell a rewound or shortened journal.
public struct JournalHead: Sendable, Hashable, CustomStringConvertible {
  public let sequence: Int64
  public let hash: Digest

  public init(sequence: Int64, hash: Digest) {
    self.sequence = sequence
    self.hash = hash
  }

  /// Reads `SEQ:HASH`.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let sequence = Int64(parts[0]), sequence > 0,
      let hash = Digest(hex: String(parts[1]))
    else { return nil }
    self.init(sequence: sequence, hash: hash)
  }

  public var description: String { "\(sequence):\(hash)" }
}

/// `FILE.head` beside the journal: the newest event that mattered, written after it was durable.
/// It is replaced in one piece, so that a power cut leaves the old one or the new one; it may be
/// behind the journal, never ahead of one that nobody rewound.
public struct HeadFile: Sendable, Hashable {
  public let head: JournalHead
  public let journalID: String
  public let plan: PlanID

  public static func path(of journal: String) -> String { journal + ".head" }

  var text: String { "pawl-head 1\n\(head)\njournal \(journalID)\nplan \(plan)\n" }

  /// nil where the journal has no head file.
  public static func read(of journal: String) throws(PawlError) -> HeadFile? {
    try read(at: path(of: journal))
  }

  /// A copy of a head, or the head itself; nil where nothing is there.
  public static func read(at path: String) throws(PawlError) -> HeadFile? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw Faults.system(errno, "read", path: path) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw Faults.system(errno, "read", path: path) }
    guard let file = HeadFile(text: String(decoding: bytes.prefix(count), as: UTF8.self)) else {
      throw PawlError(
        .damagedJournal, "\(path) is damaged: it does not read as the head of a journal.",
        hint: "Run `pawl history verify`; the next approval writes the file anew.")
    }
    return file
  }

  init(head: JournalHead, journalID: String, plan: PlanID) {
    self.head = head
    self.journalID = journalID
    self.plan = plan
  }

  init?(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count == 5, lines[0] == "pawl-head 1", lines[4].isEmpty,
      let head = JournalHead(lines[1]), lines[2].hasPrefix("journal "),
      lines[3].hasPrefix("plan "), let plan = Int64(lines[3].dropFirst(5))
    else { return nil }
    self.init(head: head, journalID: String(lines[2].dropFirst(8)), plan: PlanID(plan))
  }

  func write(besides journal: String) throws(PawlError) {
    try Folders.replace(Self.path(of: journal), with: Array(text.utf8))
  }

  /// Elsewhere, on a file system that may keep no modes: what is on it is no secret.
  func write(toCopy path: String) throws(PawlError) {
    let folder = Folders.parent(of: path)
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw Faults.system(errno, "make the folder", path: folder, code: .cannotCreate)
    }
    try Folders.replace(path, with: Array(text.utf8), isPrivate: false)
  }
}
