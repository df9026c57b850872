import PawlHost
import PawlModel

extension SimulatedHost {
  public func manifest(of path: String, as identity: Identity) throws -> Manifest {
    try world.reach(.readFile, life: life)
    if let node = world.disk[path] {
      let parts = path.split(separator: "/")
      let folder = "/" + parts.dropLast().joined(separator: "/")
      return Manifest(root: folder, entries: [entry(String(parts.last ?? ""), node)])
    }
    guard world.disk.isFolder(path) else {
      throw PawlError(.noInput, "There is nothing at \(path).")
    }
    var entries: [String: Manifest.Entry] = [:]
    func addFolders(_ relatives: [String]) {
      for folder in relatives {
        entries[folder] = Manifest.Entry(
          path: folder, kind: .folder, mode: 0o755, size: 0, digest: nil)
      }
    }
    addFolders(world.disk.folders(below: path).map { String($0.dropFirst(path.count + 1)) })
    for full in world.disk.paths(below: path) {
      guard let node = world.disk[full] else { continue }
      let relative = String(full.dropFirst(path.count + 1))
      entries[relative] = entry(relative, node)
      addFolders(folders(above: relative))
    }
    return Manifest(root: path, entries: entries.values.sorted { $0.path < $1.path })
  }

  private func entry(_ relative: String, _ node: SimulatedDisk.Node) -> Manifest.Entry {
    Manifest.Entry(
      path: relative, kind: .file, mode: node.metadata.mode, size: Int64(node.bytes.count),
      digest: node.digest)
  }

  private func folders(above relative: String) -> [String] {
    let parts = relative.split(separator: "/").dropLast()
    return parts.indices.map { parts[...$0].joined(separator: "/") }
  }

  public func copyTree(_ manifest: Manifest, to target: String, as identity: Identity) throws {
    try world.reach(.treeBefore, life: life)
    try requireInside(manifest)
    act(on: target, as: identity)
    world.disk.makeFolders(target, mode: 0o755)
    for entry in manifest.entries {
      try world.reach(.treeDuring, life: life)
      let path = "\(target)/\(entry.path)"
      switch entry.kind {
      case .folder: world.disk.makeFolders(path, mode: entry.mode)
      case .file: try copyFile(entry, from: "\(manifest.root)/\(entry.path)", to: path, identity)
      case .link: throw PawlError(.refused, "\(path) would be a link.")
      }
    }
    world.lastSafePoint = world.points
    try world.reach(.treeAfter, life: life)
  }

  private func requireInside(_ manifest: Manifest) throws {
    for entry in manifest.entries where entry.path.split(separator: "/").contains("..") {
      throw PawlError(.refused, "\(entry.path) leads out of the tree.")
    }
  }

  private func copyFile(
    _ entry: Manifest.Entry, from: String, to: String, _ identity: Identity
  ) throws {
    if let present = world.disk[to] {
      if present.digest == entry.digest { return }
      throw PawlError(.refused, "\(to) is there already and is another file.")
    }
    guard let node = world.disk[from], node.digest == entry.digest else {
      throw PawlError(.stepFailed, "\(from) is not what was recorded.")
    }
    guard !world.isFull else { throw PawlError(.diskFull, "There is no space for \(to).") }
    let metadata = FileMetadata.plain(mode: entry.mode, uid: identity.uid, at: world.wallMillis)
    let copy = SimulatedDisk.Node(bytes: node.bytes, metadata: metadata)
    world.change(to, to: copy, by: author(of: to), durably: true)
  }

  public func removeTree(
    _ manifest: Manifest, at target: String, as identity: Identity
  ) throws -> [String] {
    try world.reach(.treeBefore, life: life)
    act(on: target, as: identity)
    var left: [String] = []
    for entry in manifest.entries.reversed() {
      try world.reach(.treeDuring, life: life)
      let path = "\(target)/\(entry.path)"
      if entry.kind == .folder {
        removeIfEmpty(path)
      } else if let present = world.disk[path] {
        if present.digest == entry.digest {
          world.change(path, to: nil, by: author(of: path), durably: true)
        } else {
          left.append(entry.path)
        }
      }
    }
    removeIfEmpty(target)
    try world.reach(.treeAfter, life: life)
    return left.sorted()
  }

  private func removeIfEmpty(_ folder: String) {
    let isEmpty =
      world.disk.paths(below: folder).isEmpty
      && world.disk.folders(below: folder).isEmpty
    if isEmpty { world.disk.removeFolder(folder) }
  }
}
