import PawlModel

/// Paths as a boot loader sees them: below the file system that it reads, not below `/`.
struct LoaderPaths {
  private let table: MountTable

  init(root: HostRoot) {
    table = MountTable(mountinfo: root.text("/proc/self/mountinfo").value ?? "")
  }

  /// `/boot/vmlinuz` is `/vmlinuz` where /boot is a partition of its own, and `/@/boot/vmlinuz` in a
  /// subvolume of btrfs.
  func seenByLoader(_ path: String) -> String {
    guard let mount = table.mount(holding: path) else { return path }
    return Self.folder(mount.root) + path.dropFirst(Self.folder(mount.mountPoint).count)
  }

  /// The other way round, for a file on the file system that holds /boot.
  func onHost(_ seen: String) -> String {
    guard let mount = table.mount(holding: "/boot") else { return seen }
    let below = Self.folder(mount.root)
    guard seen.hasPrefix(below) else { return seen }
    return Self.folder(mount.mountPoint) + seen.dropFirst(below.count)
  }

  func mount(holding path: String) -> MountTable.Mount? { table.mount(holding: path) }

  private static func folder(_ path: String) -> String { path == "/" ? "" : path }
}
