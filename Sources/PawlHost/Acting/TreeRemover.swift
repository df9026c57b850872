import CPawl
import Glibc
import PawlModel

/// Removes what a manifest lists, as far as it still is what is listed.
struct TreeRemover {
  private let identity: Identity
  private var folders: TreeFolders
  private var left: [String] = []

  /// Returns the listed paths, relative, that stayed because they differ. Folders stay while
  /// anything is in them; the target itself goes too once it is empty.
  static func remove(
    _ manifest: Manifest, at path: String, walk: FolderWalk, as identity: Identity
  ) throws -> [String] {
    guard let place = try? walk.place(path), try Standing.find(place) != nil else { return [] }
    let target = try walk.folder(path)
    var remover = TreeRemover(
      identity: identity, folders: TreeFolders(base: target, path: path))
    // Backwards, so that a folder comes after what is in it.
    for entry in manifest.entries.reversed() { try remover.remove(entry) }
    try removeIfEmpty(place)
    try syncFolder(place.folder, path: path)
    return remover.left.reversed()
  }

  private init(identity: Identity, folders: TreeFolders) {
    self.identity = identity
    self.folders = folders
  }

  private mutating func remove(_ entry: Manifest.Entry) throws {
    guard let place = try findUnlessReplaced(entry), let standing = try Standing.find(place) else {
      return
    }
    switch entry.kind {
    case .folder:
      if standing.isFolder { try TreeRemover.removeIfEmpty(place) } else { left.append(entry.path) }
    case .link:
      guard standing.isLink,
        try linkTarget(of: place.folder, name: place.name, path: place.path) == entry.target
      else { return left.append(entry.path) }
      try TreeRemover.unlink(place)
    case .file:
      guard standing.isFile, try FileReading.state(place).digest == entry.digest else {
        return left.append(entry.path)
      }
      try TreeRemover.unlink(place)
    }
  }

  /// A folder that became a link or a file holds nothing of ours any more.
  private mutating func findUnlessReplaced(_ entry: Manifest.Entry) throws -> Place? {
    do {
      return try folders.find(entry)
    } catch let error as PawlError where error.code == .refused {
      left.append(entry.path)
      return nil
    }
  }

  private static func unlink(_ place: Place) throws {
    try calling("remove", place.path) { unlinkat(place.folder.raw, place.name, 0) }
  }

  private static func removeIfEmpty(_ place: Place) throws {
    guard unlinkat(place.folder.raw, place.name, AT_REMOVEDIR) != 0 else { return }
    let code = errno
    guard [ENOTEMPTY, EEXIST, EBUSY, ENOENT].contains(code) else {
      throw systemFault(code, "remove the folder", place.path)
    }
  }
}
