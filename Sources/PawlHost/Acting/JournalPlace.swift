import CPawl
import Glibc
import PawlModel

/// Where a journal may stand. Approvals are worth only as much as the journal is safe from other
/// hands, and a journal only as much as the device beneath it keeps. Owners and modes are looked
/// at for root alone: another user's journal can do no more than that user.
public struct JournalPlace: Sendable {
  /// What belongs to a journal, beside the database itself.
  static let companions = ["", "-wal", "-shm", ".lock", ".head"]

  public let journalPath: String
  /// For `--root` and for tests: memory, overlay and network file systems pass.
  public let allowsAnyFileSystem: Bool

  public init(journalPath: String, allowsAnyFileSystem: Bool = false) {
    self.journalPath = journalPath
    self.allowsAnyFileSystem = allowsAnyFileSystem
  }

  /// Makes the folder (0700) and, where it is absent, an empty database file (0600) by its right
  /// mode from the start; then checks. What exists keeps its mode.
  public func prepare() throws {
    let walk = FolderWalk(root: "/", identity: LiveHost.processIdentity)
    if let existing = nearestExisting(folderPath) {
      try checkFileSystem(try walk.folder(existing))
    }
    let folder = try walk.makeFolder(folderPath, mode: 0o700)
    try check()
    let opened = pawl_create_new(folder.raw, fileName)
    if opened != -EEXIST { _ = try Descriptor(taking: opened, "make the journal", journalPath) }
    try check()
  }

  /// Changes nothing. A journal that does not exist yet passes where it could be made.
  public func check() throws {
    let walk = FolderWalk(root: "/", identity: LiveHost.processIdentity)
    let folder = try walk.folder(folderPath)
    try checkFileSystem(folder)
    guard geteuid() == 0 else { return }
    try checkFolders()
    for companion in JournalPlace.companions {
      let path = journalPath + companion
      let place = Place(folder: folder, name: fileName + companion, path: path)
      if let standing = try Standing.find(place) { try checkFile(standing, path) }
    }
  }

  private var parts: [String] { journalPath.split(separator: "/").map(String.init) }
  private var fileName: String { parts.last ?? "" }
  private var folderPath: String { "/" + parts.dropLast().joined(separator: "/") }

  private func checkFileSystem(_ folder: Descriptor) throws {
    guard !allowsAnyFileSystem, let fault = FileSystemKind(of: folder).unfitForJournal else {
      return
    }
    throw PawlError(
      .refused, "The journal cannot stand at \(journalPath): the file system there is \(fault).",
      hint: "Choose a folder on a local disk with --journal FILE.")
  }

  /// The folder and all above it: who may rename one of them may put another journal there.
  private func checkFolders() throws {
    guard var path = nearestExisting(folderPath) else { return }
    while true {
      let standing = Standing.following(path)
      guard let standing else { throw systemFault(ENOENT, "look at", path) }
      let isSticky = path != folderPath && standing.isStickyOfRoot
      if standing.uid != 0 || (standing.isWritableByOthersThanRoot && !isSticky) {
        throw PawlError(
          .notAllowed,
          "Root does not use the journal \(journalPath): other users can write to \(path).",
          hint: "Make it root's alone: chown root:root \(path) && chmod go-w \(path)")
      }
      if path == "/" { return }
      path = "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }
  }

  private func checkFile(_ standing: Standing, _ path: String) throws {
    guard standing.isFile, standing.linkCount == 1 else {
      throw PawlError(
        .refused, "\(path) is not a plain file with one name, as a journal's files are.",
        hint: "Move it away, or choose another place with --journal FILE.")
    }
    guard standing.isWritableByOthersThanRoot else { return }
    throw PawlError(
      .notAllowed, "Root does not use the journal \(journalPath): \(path) is not root's alone.",
      hint: "Its approvals may be forged. Keep it as evidence, and begin a new journal.")
  }
}
