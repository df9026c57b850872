/// Which file system a path is on, well enough to recognise it after a restart.
public struct MountIdentity: Sendable, Equatable, Codable {
  public let mountPoint: String
  public let type: String
  public let source: String
  /// The folder of the file system that is mounted there.
  public let root: String
  /// The file system's UUID; nil where nothing in `/dev/disk/by-uuid` leads to the source.
  public let uuid: String?
  /// Number of this mount; another number after the same boot means that it was mounted anew.
  public let mountNumber: Int
  public let isReadOnly: Bool

  /// Finds the mount of `path` on the machine Pawl runs on. A path that does not exist yet counts
  /// for the nearest folder above it.
  ///
  /// - Parameters:
  ///   - path: an absolute path of this machine's disk (`HostRoot.path` of one below a root).
  ///   - host: where `/proc/self/mountinfo` and `/dev/disk/by-uuid` are; a fixture in tests.
  public static func of(_ path: String, host: HostRoot = .live) -> Reading<MountIdentity> {
    let text: String
    switch host.text("/proc/self/mountinfo") {
    case .present(let found): text = found
    case .absent: return .unreadable("/proc/self/mountinfo is not there")
    case .unreadable(let reason): return .unreadable("/proc/self/mountinfo: \(reason)")
    }
    let place = host.isLive ? existing(path) : path
    guard let mount = MountTable(mountinfo: text).mount(holding: place) else { return .absent }
    return .present(
      MountIdentity(
        mountPoint: mount.mountPoint, type: mount.type, source: mount.source, root: mount.root,
        uuid: uuid(of: mount, host: host), mountNumber: mount.identifier,
        isReadOnly: mount.isReadOnly))
  }

  private static func existing(_ path: String) -> String {
    var parts = path.split(separator: "/").map(String.init)
    while !parts.isEmpty {
      if let found = PathReader.canonical("/" + parts.joined(separator: "/")) { return found }
      parts.removeLast()
    }
    return "/"
  }

  private static func uuid(of mount: MountTable.Mount, host: HostRoot) -> String? {
    guard mount.source.hasPrefix("/dev/"), let device = node(mount.source, host) else { return nil }
    let folder = "/dev/disk/by-uuid"
    return (host.list(folder).value ?? []).first { node("\(folder)/\($0)", host) == device }
  }

  /// The device a path leads to when all links are followed.
  private static func node(_ path: String, _ host: HostRoot) -> String? {
    host.isLive ? PathReader.canonical(path) : host.resolve(path)
  }
}
