import CPawl
import Glibc
import PawlModel

/// Lists and hashes a tree. Links are recorded, never followed; what is neither file, folder nor
/// link cannot be listed and ends the reading.
struct ManifestReader {
  private var entries: [Manifest.Entry] = []

  /// A folder's entries are relative to the folder. A single file is listed under its own name,
  /// relative to the folder that holds it.
  static func read(_ path: String, walk: FolderWalk) throws -> Manifest {
    let place = try walk.place(path)
    guard let standing = try Standing.find(place) else { throw systemFault(ENOENT, "list", path) }
    var reader = ManifestReader()
    if standing.isFolder {
      let opened = pawl_open_folder(place.folder.raw, place.name)
      try reader.addContent(of: Descriptor(taking: opened, "open", path), at: path, prefix: "")
      return reader.manifest(root: path)
    }
    try reader.add(place, relative: place.name)
    let parent = path.split(separator: "/").dropLast().joined(separator: "/")
    return reader.manifest(root: "/" + parent)
  }

  private func manifest(root: String) -> Manifest {
    Manifest(
      root: root,
      entries: entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
  }

  private mutating func addContent(of folder: Descriptor, at path: String, prefix: String) throws {
    for name in try FolderListing.names(in: folder, path: path) {
      let place = Place(folder: folder, name: name, path: path + "/" + name)
      try add(place, relative: prefix + name)
    }
  }

  private mutating func add(_ place: Place, relative: String) throws {
    guard let standing = try Standing.find(place) else { throw FileReading.changed(place.path) }
    if standing.isFolder {
      entries.append(
        .init(path: relative, kind: .folder, mode: standing.permissions, size: 0, digest: nil))
      let opened = pawl_open_folder(place.folder.raw, place.name)
      let folder = try Descriptor(taking: opened, "open", place.path)
      try addContent(of: folder, at: place.path, prefix: relative + "/")
    } else if standing.isLink {
      let target = try linkTarget(of: place.folder, name: place.name, path: place.path)
      entries.append(.link(relative, to: target))
    } else if let reading = try FileReading(place, standing: standing) {
      guard case .file(let metadata, let digest, let size) = try reading.state() else { return }
      entries.append(
        .init(path: relative, kind: .file, mode: metadata.mode, size: size, digest: digest))
    } else {
      throw PawlError(
        .refused, "\(place.path) is a \(standing.kind).",
        hint: "Only files, folders and links can be copied; remove it from the tree.")
    }
  }
}

extension Manifest.Entry {
  static func link(_ path: String, to target: String) -> Manifest.Entry {
    .init(
      path: path, kind: .link, mode: 0, size: Int64(target.utf8.count),
      digest: SHA256.hash(target.utf8), target: target)
  }

  /// The components of the path, or a refusal of a path that could lead out of the tree.
  func components() throws -> [String] {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let isSafe = parts.allSatisfy {
      !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0)
    }
    guard isSafe, !parts.isEmpty else {
      throw PawlError(
        .refused, "The manifest names \"\(path)\", which is not a path below a folder.")
    }
    return parts
  }
}
