/// Which mounts are file systems with a host's data, expected to be there after a restart too.
enum RealMounts {
  /// Sorted mount points.
  static func points(_ table: MountTable) -> [String] {
    let automatic = table.mounts.filter { $0.type == "autofs" }.map(\.mountPoint)
    let points = table.mounts.filter { mount in
      !passing.contains(mount.type)
        && !passingFolders.contains { lies(mount.mountPoint, in: $0) }
        // Mounted when somebody looks and unmounted again: that it is not there says nothing.
        && !automatic.contains { $0 != "/" && lies(mount.mountPoint, in: $0) }
    }
    return Set(points.map(\.mountPoint)).sorted()
  }

  private static func lies(_ path: String, in folder: String) -> Bool {
    path == folder || path.hasPrefix(folder + "/")
  }

  /// The kernel's own, memory, and what programs mount for a session or a container.
  private static let passing: Set<String> = [
    "autofs", "bdev", "binder", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "cpuset",
    "debugfs", "devpts", "devtmpfs", "efivarfs", "fuse.gvfsd-fuse", "fuse.lxcfs", "fuse.portal",
    "fuse.snapfuse", "fusectl", "hugetlbfs", "mqueue", "nfsd", "nsfs", "overlay", "proc", "pstore",
    "ramfs", "rpc_pipefs", "securityfs", "selinuxfs", "smackfs", "squashfs", "sysfs", "tmpfs",
    "tracefs",
  ]

  private static let passingFolders = [
    "/proc", "/sys", "/dev", "/run", "/snap", "/var/lib/containers", "/var/lib/docker",
    "/var/lib/kubelet", "/var/lib/lxcfs", "/var/lib/snapd", "/media",
  ]
}
