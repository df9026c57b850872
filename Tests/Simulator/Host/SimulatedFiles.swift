import PawlHost
import PawlModel

extension SimulatedHost {
  public func state(at path: String) throws -> FileState {
    try world.reach(.lookAtFile, life: life)
    return world.disk.state(at: path)
  }

  public func read(
    at path: String, as identity: Identity, chunk: ([UInt8]) throws -> Void
  ) throws -> FileState {
    try world.reach(.readFile, life: life)
    guard let node = world.disk[path] else {
      throw PawlError(.noInput, "\(path) is not a file that can be read.")
    }
    for start in stride(from: 0, to: node.bytes.count, by: 256 << 10) {
      try chunk(Array(node.bytes[start..<min(start + 256 << 10, node.bytes.count)]))
    }
    guard world.disk[path]?.bytes == node.bytes else {
      throw PawlError(.needsPerson, "\(path) changed while it was read.")
    }
    return node.state
  }

  public func publish(
    at path: String, metadata: FileMetadata?, mode: UInt32?, replacing expected: FileState,
    as identity: Identity, fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> FileState {
    try world.reach(.publishBefore, life: life)
    guard !world.disk.isFolder(path) else {
      throw PawlError(.refused, "\(path) is a folder.")
    }
    guard !world.isFull else { throw PawlError(.diskFull, "There is no space for \(path).") }
    var bytes: [UInt8] = []
    try fill { bytes += $0 }
    try world.reach(.publishWritten, life: life)
    let present = world.disk.state(at: path)
    guard !world.comparesBeforeReplacing || present.sameContent(as: expected) else {
      throw PawlError(.needsPerson, "\(path) is not what it was a moment ago.")
    }
    let kept = metadata ?? inherited(at: path, mode: mode, identity)
    let node = SimulatedDisk.Node(bytes: bytes, metadata: kept)
    act(on: path, as: identity)
    world.change(path, to: node, by: author(of: path), durably: true)
    world.lastSafePoint = world.points
    try world.reach(.publishAfter, life: life)
    return node.state
  }

  private func inherited(at path: String, mode: UInt32?, _ identity: Identity) -> FileMetadata {
    var metadata =
      world.disk[path]?.metadata
      ?? FileMetadata(mode: 0o644, uid: identity.uid, gid: identity.gid, modifiedNanos: 0)
    metadata.modifiedNanos = world.wallMillis * 1_000_000
    if let mode { metadata.mode = mode }
    return metadata
  }

  public func remove(at path: String, expecting: FileState, as identity: Identity) throws {
    try world.reach(.removeBefore, life: life)
    guard world.disk.state(at: path).sameContent(as: expecting) else {
      throw PawlError(.needsPerson, "\(path) is not what it was a moment ago.")
    }
    guard world.disk[path] != nil else { return }
    act(on: path, as: identity)
    world.change(path, to: nil, by: author(of: path), durably: true)
    world.lastSafePoint = world.points
    try world.reach(.removeAfter, life: life)
  }

  public func sync(fileSystemsOf paths: [String]) throws {
    try world.reach(.syncBefore, life: life)
    let synced = Set(paths.map(world.scenario.fileSystem(of:)))
    world.disk.sync { synced.contains(world.scenario.fileSystem(of: $0)) }
    try world.reach(.syncAfter, life: life)
  }

  public func makeFolder(at path: String, mode: UInt32, as identity: Identity) throws {
    try world.reach(.folderBefore, life: life)
    guard world.disk[path] == nil else { throw PawlError(.refused, "\(path) is a file.") }
    act(on: path, as: identity)
    world.disk.makeFolders(path, mode: mode)
    try world.reach(.folderAfter, life: life)
  }

  /// The step that the journal says is at work on this path.
  func author(of path: String) -> Author {
    let steps = world.stepsAtWork
    return .pawl((steps.first { $0.frozen.mayTouch(path) } ?? steps.first)?.id)
  }

  func act(on path: String, as identity: Identity) {
    world.watchers.forEach { $0.fileIsTouched(path, as: identity, in: world) }
  }
}

extension FrozenStep {
  /// Whether the path is one that this step names as its own to change.
  func mayTouch(_ path: String) -> Bool {
    if pathsToBackUp.contains(path) { return true }
    // What a build was begun with is put back before its folder is made anew.
    if case .build(let directory, _) = action { return path == directory + "/.config" }
    guard case .copyTree(_, let to) = action else { return false }
    return path == to || path.hasPrefix(to + "/")
  }
}
