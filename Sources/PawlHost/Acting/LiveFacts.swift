import Glibc
import PawlModel

extension LiveHost: HostFacts {
  public func machineID(root: String) -> String? {
    smallFile((root == "/" ? "" : root) + "/etc/machine-id")
  }

  public func mount(of path: String) -> MountFact? {
    MountPoint.holding(path).map {
      MountFact(path: path, fileSystem: $0.fileSystem, source: $0.identity)
    }
  }

  public func freeBytes(at path: String) -> Int64? {
    guard let existing = nearestExisting(path) else { return nil }
    var found = statvfs()
    guard statvfs(existing, &found) == 0 else { return nil }
    let (bytes, overflow) = Int64(clamping: found.f_bavail)
      .multipliedReportingOverflow(by: Int64(clamping: found.f_frsize))
    return overflow ? Int64.max : bytes
  }

  public func runningRelease() -> String {
    var name = utsname()
    uname(&name)
    return withUnsafeBytes(of: &name.release) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}

extension LiveHost {
  /// In bytes, of what a link leads to; nil where nothing is there or may be looked at. Reads no
  /// content: an archive or a log may be large.
  public static func size(of path: String) -> Int64? {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : nil
  }
}

/// The path with links resolved, or that of its nearest folder that exists.
func nearestExisting(_ path: String) -> String? {
  var path = path
  while true {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(validatingCString: resolved)
    }
    guard path.hasPrefix("/"), path != "/" else { return nil }
    path = "/" + path.split(separator: "/").dropLast().joined(separator: "/")
  }
}
