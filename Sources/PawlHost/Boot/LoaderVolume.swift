import PawlModel

/// A file system as a boot loader sees it: no other one exists, and paths begin at its own root.
struct LoaderVolume {
  let mount: MountTable.Mount
  let table: MountTable

  var mountPoint: String { mount.mountPoint }

  init?(holding path: String, of table: MountTable) {
    guard let mount = table.mount(holding: path) else { return nil }
    self.mount = mount
    self.table = table
  }

  /// Throws `refused` where this loader cannot reach the file.
  func inLoader(_ path: String) throws -> String {
    guard table.mount(holding: path) == mount else {
      throw PawlError(
        .refused,
        "The boot loader reads the file system that is mounted at \(mountPoint) alone, and \(path) "
          + "is not on it.", hint: "Keep copies of kernels where the loader can read them.")
    }
    return Self.joined(mount.root, Self.tail(of: path, below: mountPoint))
  }

  /// nil where the path is outside of what is mounted.
  func inSystem(_ path: String) -> String? {
    let path = Self.normal(path)
    guard mount.root == "/" || path == mount.root || path.hasPrefix(mount.root + "/") else {
      return nil
    }
    return Self.joined(mountPoint, Self.tail(of: path, below: mount.root))
  }

  private static func tail(of path: String, below folder: String) -> String {
    folder == "/" ? path : String(path.dropFirst(folder.count))
  }

  private static func joined(_ folder: String, _ tail: String) -> String {
    folder == "/" ? (tail.isEmpty ? "/" : tail) : folder + tail
  }

  /// Without empty parts, `.` and `..`; a backslash separates too, as loaders of EFI have it.
  static func normal(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}
