/// The mounts of a machine, as `/proc/self/mountinfo` lists them.
public struct MountTable: Sendable, Equatable {
  /// One line of it (`proc_pid_mountinfo(5)`).
  public struct Mount: Sendable, Equatable {
    public let identifier: Int
    /// `major:minor` of the file system; anonymous (major 0) for btrfs and overlays.
    public let device: String
    /// The folder of the file system that is mounted: `/` unless it is a bind mount or subvolume.
    public let root: String
    public let mountPoint: String
    public let options: [String]
    public let type: String
    /// What was mounted, `/dev/vda1` for example.
    public let source: String
    /// Options of the file system itself; an overlay names its layers here.
    public let superOptions: String

    /// True when nothing can be written through this mount.
    public var isReadOnly: Bool {
      options.contains("ro") || superOptions.split(separator: ",").contains("ro")
    }
  }

  public let mounts: [Mount]

  /// Parses the text of a `mountinfo` file; lines of another shape are passed over.
  public init(mountinfo text: String) {
    mounts = text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ").map(String.init)
      guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count >= dash + 3,
        let identifier = Int(fields[0])
      else { return nil }
      return Mount(
        identifier: identifier, device: fields[2], root: Self.unescape(fields[3]),
        mountPoint: Self.unescape(fields[4]),
        options: fields[5].split(separator: ",").map(String.init), type: fields[dash + 1],
        source: Self.unescape(fields[dash + 2]),
        superOptions: fields.count > dash + 3 ? Self.unescape(fields[dash + 3]) : "")
    }
  }

  /// The mount that holds a path (absolute, links already followed): the longest mount point that
  /// leads to it, and of several on one point the last.
  public func mount(holding path: String) -> Mount? {
    var best: Mount?
    for mount in mounts where Self.leads(mount.mountPoint, to: path) {
      if mount.mountPoint.utf8.count >= best?.mountPoint.utf8.count ?? 0 { best = mount }
    }
    return best
  }

  private static func leads(_ folder: String, to path: String) -> Bool {
    folder == "/" || path == folder || path.hasPrefix(folder + "/")
  }

  /// Replaces `\040` and its like by the bytes they stand for.
  static func unescape(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\\"), at + 3 < bytes.count,
        let code = UInt8(String(decoding: bytes[(at + 1)...(at + 3)], as: UTF8.self), radix: 8)
      {
        result.append(code)
        at += 4
      } else {
        result.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
