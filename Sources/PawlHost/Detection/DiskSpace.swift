import Glibc

/// What is free on the file system of a path, for a user without privileges.
public struct DiskSpace: Sendable, Equatable, Codable {
  /// The path that was measured: the one asked about, or the nearest folder above it that exists.
  public let path: String
  public let totalBytes: Int64
  /// Free bytes that are not reserved for root.
  public let freeBytes: Int64
  /// Free inodes; nil where the file system does not count them (btrfs, vfat).
  public let freeInodes: Int64?
  public let isReadOnly: Bool

  /// Measures the file system of `path` below `root`. A path that does not exist yet is measured at
  /// the nearest folder above it.
  public static func measure(_ path: String, root: HostRoot = .live) -> Reading<DiskSpace> {
    guard var place = root.resolve(path) else { return .unreadable("too many symbolic links") }
    while true {
      var status = statvfs()
      if statvfs(place, &status) == 0 {
        let unit = Int64(clamping: status.f_frsize == 0 ? status.f_bsize : status.f_frsize)
        return .present(
          DiskSpace(
            path: place, totalBytes: product(status.f_blocks, unit),
            freeBytes: product(status.f_bavail, unit),
            freeInodes: status.f_files == 0 ? nil : Int64(clamping: status.f_favail),
            isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0))
      }
      let code = errno
      guard code == ENOENT, place != "/", place != root.path else {
        return code == ENOENT ? .absent : .unreadable(PathReader.describe(code))
      }
      let parent = place.split(separator: "/").dropLast().joined(separator: "/")
      place = "/" + parent
    }
  }

  private static func product(_ blocks: some BinaryInteger, _ unit: Int64) -> Int64 {
    let (bytes, tooMany) = Int64(clamping: blocks).multipliedReportingOverflow(by: unit)
    return tooMany ? .max : bytes
  }
}
