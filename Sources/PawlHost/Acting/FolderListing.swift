import CPawl
import Glibc
import PawlModel

/// The names in a folder, sorted by their bytes, so that every listing of the same folder is the
/// same list.
enum FolderListing {
  static func names(in folder: Descriptor, path: String) throws -> [String] {
    let opened = try checked(pawl_open_for_sync(folder.raw), "list", path)
    guard let stream = fdopendir(opened) else {
      let code = errno
      close(opened)
      throw systemFault(code, "list", path)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw systemFault(errno, "list", path) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      }
      let name = try text(bytes(of: entry), path: path)
      if name != "." && name != ".." { names.append(name) }
    }
  }

  private static func bytes(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    withUnsafeBytes(of: &entry.pointee.d_name) { buffer in [UInt8](buffer.prefix { $0 != 0 }) }
  }

  /// Removes temporary files that a dead writer left in this folder; one whose writer lives is
  /// locked and stays. What they held is either in the journal or was never put in place.
  static func removeLeftovers(in folder: Descriptor, path: String) throws -> [String] {
    var removed: [String] = []
    for name in try names(in: folder, path: path) where AsideFile.isName(name) {
      let place = Place(folder: folder, name: name, path: path + "/" + name)
      guard let standing = try Standing.find(place), standing.isFile || standing.isLink else {
        continue
      }
      if standing.isFile {
        let file = try Descriptor(taking: pawl_open_reading(folder.raw, name), "open", place.path)
        guard flock(file.raw, LOCK_EX | LOCK_NB) == 0 else { continue }
      }
      try calling("remove", place.path) { unlinkat(folder.raw, name, 0) }
      removed.append(name)
    }
    return removed
  }
}
