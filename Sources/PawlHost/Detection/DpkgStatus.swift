/// Which packages dpkg has installed, read from `/var/lib/dpkg/status`.
public struct DpkgStatus: Sendable {
  private let installed: Set<String>
  private let versions: [String: String]
  private let held: Set<String>

  /// `apt-mark hold`: neither removed nor replaced by itself.
  public func isHeld(_ name: String) -> Bool { held.contains(name) }

  /// True when a package of that name, of any architecture, is fully installed or an installed
  /// package provides it.
  public func hasInstalled(_ name: String) -> Bool { installed.contains(name) }

  /// The version of an installed package, `6.1.176-1` say.
  public func version(of name: String) -> String? { versions[name] }

  /// Number of names, those that are only provided included.
  public var count: Int { installed.count }

  /// Reads `/var/lib/dpkg/status` below `root`. Only the state `install ok installed` (or
  /// `hold ok installed`) counts: half-installed packages are not there.
  public static func read(root: HostRoot) -> Reading<DpkgStatus> {
    root.read("/var/lib/dpkg/status").map { DpkgStatus(bytes: $0) }
  }

  init(bytes: [UInt8]) {
    var installed: Set<String> = []
    var versions: [String: String] = [:]
    var held: Set<String> = []
    var isHeld = false
    var names: [String] = []
    var version: String?
    var isInstalled = false
    func close() {
      if isInstalled {
        installed.formUnion(names)
        if let name = names.first {
          versions[name] = version
          if isHeld { held.insert(name) }
        }
      }
      names = []
      version = nil
      isInstalled = false
    }
    bytes.forEachLine { text, start, end in
      guard end > start else { return close() }
      switch text[start] {
      case UInt8(ascii: "P"), UInt8(ascii: "S"), UInt8(ascii: "V"): break
      default: return
      }
      let line = String(decoding: text[start..<end], as: UTF8.self)
      if line.hasPrefix("Package: ") {
        names.append(line.dropFirst("Package: ".count).trimmingWhitespace())
      } else if line.hasPrefix("Status: ") {
        isInstalled = line.hasSuffix(" ok installed")
        isHeld = line.hasPrefix("Status: hold ")
      } else if line.hasPrefix("Version: ") {
        version = line.dropFirst("Version: ".count).trimmingWhitespace()
      } else if line.hasPrefix("Provides: ") {
        for part in line.dropFirst("Provides: ".count).split(separator: ",") {
          let name = part.trimmingWhitespace().prefix { $0 != " " && $0 != "(" && $0 != ":" }
          names.append(String(name))
        }
      }
    }
    close()
    self.installed = installed
    self.versions = versions
    self.held = held
  }
}
