import CPawl
import Glibc
import PawlModel

/// The folders below one base, opened without following any link. Remembers those on the way to
/// the last one, since a sorted manifest stays in a folder for a while.
struct TreeFolders {
  let base: Descriptor
  let path: String
  private var names: [String] = []
  private var opened: [Descriptor] = []

  init(base: Descriptor, path: String) {
    self.base = base
    self.path = path
  }

  /// The place of an entry; nil where a folder on the way is missing and none is made.
  mutating func find(_ entry: Manifest.Entry) throws -> Place? {
    let parts = try entry.components()
    guard let name = parts.last, let folder = try folder(Array(parts.dropLast())) else {
      return nil
    }
    return Place(folder: folder, name: name, path: path + "/" + entry.path)
  }

  mutating func place(_ entry: Manifest.Entry) throws -> Place {
    guard let place = try find(entry) else {
      throw systemFault(ENOENT, "open", path + "/" + entry.path)
    }
    return place
  }

  private mutating func folder(_ parts: [String]) throws -> Descriptor? {
    let common = zip(names, parts).prefix { $0 == $1 }.count
    names.removeSubrange(common...)
    opened.removeSubrange(common...)
    for part in parts.dropFirst(common) {
      let parent = opened.last ?? base
      let result = pawl_open_folder(parent.raw, part)
      if result == -ENOENT { return nil }
      let full = path + "/" + parts.joined(separator: "/")
      let next = try Descriptor(taking: result, "open the folder", full)
      names.append(part)
      opened.append(next)
    }
    return opened.last ?? base
  }
}
