import Glibc
import PawlModel

/// One line of `/proc/self/mountinfo`, as far as it identifies a mount.
struct MountPoint {
  let folder: String
  /// What part of the file system is mounted here: a subvolume or a bind mount is not `/`.
  let part: String
  let fileSystem: String
  let source: String
  /// Of the file system, not of this mount alone: comma-separated.
  let fileSystemOptions: String

  /// The mount that holds the path: the longest mount point above it; of several at one point,
  /// the last, which covers the others.
  static func holding(_ path: String) -> MountPoint? {
    guard let existing = nearestExisting(path) else { return nil }
    var best: MountPoint?
    for mount in all() where mount.holds(existing) {
      if mount.folder.utf8.count >= best?.folder.utf8.count ?? 0 { best = mount }
    }
    return best
  }

  /// The UUID where udev knows one, else the source; with the mounted part where it is not all.
  var identity: String {
    let base = uuid().map { "UUID=\($0)" } ?? source
    return part == "/" ? base : "\(base)[\(part)]"
  }

  var isLazilyTimed: Bool { fileSystemOptions.split(separator: ",").contains("lazytime") }

  private func holds(_ path: String) -> Bool {
    folder == "/" || path == folder || path.hasPrefix(folder + "/")
  }

  private static func all() -> [MountPoint] {
    guard let file = fopen("/proc/self/mountinfo", "re") else { return [] }
    defer { fclose(file) }
    var mounts: [MountPoint] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let line {
      if let mount = MountPoint(line: String(cString: line)) { mounts.append(mount) }
    }
    return mounts
  }

  /// Fields as proc(5) has them; optional ones stand before a lone dash.
  private init?(line: String) {
    let fields = line.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
      .map { String(Substring($0)) }
    guard fields.count > 5, let dash = fields.firstIndex(of: "-"), fields.count > dash + 2 else {
      return nil
    }
    part = MountPoint.unescape(fields[3])
    folder = MountPoint.unescape(fields[4])
    fileSystem = fields[dash + 1]
    source = MountPoint.unescape(fields[dash + 2])
    fileSystemOptions = fields.count > dash + 3 ? fields[dash + 3] : ""
  }

  /// Spaces and the like stand as three octal digits.
  private static func unescape(_ text: String) -> String {
    guard text.contains("\\") else { return text }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      guard byte == UInt8(ascii: "\\"), digits.count == 3,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(value)
      rest = rest.dropFirst(3)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func uuid() -> String? {
    guard source.hasPrefix("/"), let device = Standing.following(source)?.specialDevice,
      device != 0
    else { return nil }
    let folder = "/dev/disk/by-uuid"
    let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0, let handle = try? Descriptor(taking: opened, "open", folder),
      let names = try? FolderListing.names(in: handle, path: folder)
    else { return nil }
    return names.first { Standing.following(folder + "/" + $0)?.specialDevice == device }
  }
}
