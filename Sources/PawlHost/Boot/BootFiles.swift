import PawlModel

/// The files of a boot menu below a root: read whole, replaced whole, by paths of that system.
struct BootFiles {
  let root: HostRoot
  let files: any HostFiles
  let identity: Identity

  /// Bytes and state of one reading; nil where nothing stands.
  func read(_ path: String) throws -> (bytes: [UInt8], state: FileState)? {
    guard try files.state(at: root.path(path)) != .absent else { return nil }
    var bytes: [UInt8] = []
    let state = try files.read(at: root.path(path), as: identity) { bytes += $0 }
    return (bytes, state)
  }

  /// Nothing is written where these bytes stand already.
  func put(_ bytes: [UInt8], at path: String, replacing known: FileState? = nil) throws {
    let place = root.path(path)
    let present = try known ?? files.state(at: place)
    guard present.digest != SHA256.hash(bytes) else { return }
    if present == .absent {
      try files.makeFolder(at: Self.folder(of: place), mode: 0o755, as: identity)
    }
    _ = try files.publish(at: place, metadata: nil, mode: nil, replacing: present, as: identity) {
      try $0(bytes)
    }
  }

  func remove(_ path: String) throws {
    let present = try files.state(at: root.path(path))
    guard present != .absent else { return }
    try files.remove(at: root.path(path), expecting: present, as: identity)
  }

  /// Of what is read from the disk now; nil where no plain file stands.
  func digest(of path: String) throws -> Digest? { try files.state(at: root.path(path)).digest }

  func sync(_ path: String) throws { try files.sync(fileSystemsOf: [root.path(path)]) }

  /// A file that a loader can start: there, plain and not empty.
  func isStartable(_ path: String) -> Bool {
    guard case .present(.file) = root.kind(path), let place = root.resolve(path) else {
      return false
    }
    return LiveHost.size(of: place) ?? 0 > 0
  }

  static func folder(of path: String) -> String {
    "/" + path.split(separator: "/").dropLast().joined(separator: "/")
  }

  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? ""
  }
}
