import CPawl
import Glibc
import PawlModel

extension LiveHost: HostFiles {
  public func state(at path: String) throws -> FileState {
    do {
      let place = try walk(as: LiveHost.processIdentity).place(path)
      return try settled { try FileReading.state(place) }
    } catch let error as PawlError where error.code == .noInput {
      return .absent
    }
  }

  public func read(at path: String, as identity: Identity, chunk: ([UInt8]) throws -> Void) throws
    -> FileState
  {
    let reading = try FileIdentity.perform(as: identity) {
      let place = try walk(as: identity).place(path)
      guard let standing = try Standing.find(place) else { throw systemFault(ENOENT, "read", path) }
      guard let reading = try FileReading(place, standing: standing) else {
        throw PawlError(.refused, "\(path) is a \(standing.kind), not a file.")
      }
      return reading
    }
    return try reading.state(chunk)
  }

  public func publish(
    at path: String, metadata: FileMetadata?, mode: UInt32?, replacing expected: FileState,
    as identity: Identity, fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> FileState {
    try publisher(path, identity).publish(
      metadata: metadata, mode: mode, replacing: expected, fill: fill)
  }

  public func remove(at path: String, expecting: FileState, as identity: Identity) throws {
    try publisher(path, identity).remove(expecting: expecting)
  }

  public func manifest(of path: String, as identity: Identity) throws -> Manifest {
    try FileIdentity.perform(as: identity) {
      try ManifestReader.read(path, walk: walk(as: identity))
    }
  }

  public func copyTree(_ manifest: Manifest, to target: String, as identity: Identity) throws {
    try FileIdentity.perform(as: identity) {
      try TreeCopier.copy(manifest, to: target, walk: walk(as: identity), as: identity)
    }
  }

  public func removeTree(_ manifest: Manifest, at target: String, as identity: Identity) throws
    -> [String]
  {
    try FileIdentity.perform(as: identity) {
      try TreeRemover.remove(manifest, at: target, walk: walk(as: identity), as: identity)
    }
  }

  public func sync(fileSystemsOf paths: [String]) throws { try FileSystemSync.sync(paths) }

  public func makeFolder(at path: String, mode: UInt32, as identity: Identity) throws {
    _ = try FileIdentity.perform(as: identity) {
      try walk(as: identity).makeFolder(path, mode: mode)
    }
  }

  /// Removes temporary files that a writer which died left beside its target. Returns their names.
  public func removeLeftovers(in folder: String, as identity: Identity) throws -> [String] {
    try FileIdentity.perform(as: identity) {
      let opened = try walk(as: identity).folder(folder)
      return try FolderListing.removeLeftovers(in: opened, path: folder)
    }
  }

  private func publisher(_ path: String, _ identity: Identity) throws -> FilePublisher {
    let place = try FileIdentity.perform(as: identity) { try walk(as: identity).place(path) }
    return FilePublisher(target: place, identity: identity)
  }

  /// A file that is being written settles in a moment, or is somebody's to look at.
  private func settled(_ read: () throws -> FileState) throws -> FileState {
    for _ in 0..<2 {
      do { return try read() } catch let error as PawlError where error.code == .needsPerson {}
    }
    return try read()
  }
}
