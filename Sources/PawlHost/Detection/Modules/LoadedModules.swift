/// One line of `/proc/modules`.
public struct LoadedModule: Sendable, Equatable {
  public enum Life: String, Sendable, Codable {
    case live = "Live"
    case loading = "Loading"
    case unloading = "Unloading"
  }

  /// The module's name; the kernel writes underscores.
  public let name: String
  /// Memory in bytes.
  public let size: Int
  /// Users; nil where the kernel cannot unload modules (`-`).
  public let references: Int?
  /// The modules that use this one.
  public let usedBy: [String]
  /// The module has no way out (`[permanent]`): it cannot be removed before a reboot.
  public let isPermanent: Bool
  public let life: Life?

  /// Reads one line; nil when it has not the shape of one.
  public init?(line: String) {
    let fields = line.words()
    guard fields.count >= 4, let size = Int(fields[1]) else { return nil }
    self.name = fields[0]
    self.size = size
    self.references = Int(fields[2])
    let users = fields[3].split(separator: ",").map(String.init).filter { $0 != "-" }
    self.usedBy = users.filter { $0 != "[permanent]" }
    self.isPermanent = users.contains("[permanent]")
    self.life = fields.count > 4 ? Life(rawValue: fields[4]) : nil
  }

  /// Reads `/proc/modules` below `root`.
  ///
  /// Where `/proc` is there and this file is not, the kernel was built without loadable modules: the
  /// answer is an empty list. Where `/proc` itself is missing, nothing is known.
  public static func list(root: HostRoot) -> Reading<[LoadedModule]> {
    switch root.read("/proc/modules") {
    case .present(let bytes):
      return .present(bytes.lines().compactMap { LoadedModule(line: $0) })
    case .unreadable(let reason): return .unreadable("/proc/modules: \(reason)")
    case .absent:
      return root.exists("/proc/sys/kernel/osrelease")
        ? .present([]) : .unreadable("there is no /proc of this system")
    }
  }
}
