import CPawl
import Glibc
import PawlModel

/// Makes file systems durable. A path that does not exist stands for its nearest folder that does.
enum FileSystemSync {
  static func sync(_ paths: [String]) throws {
    var done: Set<UInt64> = []
    // Of several on one file system the one below /boot decides what is done about it.
    for path in paths.filter(isBelowBoot) + paths.filter({ !isBelowBoot($0) }) {
      let (descriptor, nearest) = try openNearest(path)
      let standing = try descriptor.stat(path: nearest)
      guard done.insert(standing.device).inserted else { continue }
      try checked(pawl_syncfs(descriptor.raw), "make durable the file system of", nearest)
      if isBootFileSystem(nearest, standing) {
        try empty(descriptor, nearest)
      } else if isBelowBoot(nearest) {
        // The root itself is never frozen. Where its kernel cannot do without, the loader may read
        // an old place after a cut; it did so before Pawl, too.
        _ = pawl_checkpoint_log(descriptor.raw)
      }
    }
  }

  private static func openNearest(_ path: String) throws -> (Descriptor, String) {
    var path = path
    while true {
      let opened = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      if opened >= 0 { return (try Descriptor(taking: opened, "open", path), path) }
      let code = errno
      guard path.count > 1, [ENOENT, ENOTDIR, EACCES, ENXIO, ELOOP].contains(code) else {
        throw systemFault(code, "open", path)
      }
      let parts = path.split(separator: "/").dropLast()
      path = "/" + parts.joined(separator: "/")
    }
  }

  /// A boot loader reads ext4 and XFS without replaying their log, so that after `syncfs` alone
  /// it may see a file's old place. Freezing for an instant empties the log.
  private static func empty(_ descriptor: Descriptor, _ path: String) throws {
    let result = pawl_freeze_and_thaw(descriptor.raw)
    // FAT has no log and cannot be frozen; EBUSY: somebody else froze it, which does the same.
    guard result < 0, !isUnsupported(-result), ![EPERM, EBUSY].contains(-result) else { return }
    throw systemFault(-result, "empty the log of the file system of", path)
  }

  private static func isBelowBoot(_ path: String) -> Bool {
    geteuid() == 0 && (path == "/boot" || path.hasPrefix("/boot/"))
  }

  /// Only one of its own below /boot or /efi: the file system that Pawl, its journal or the
  /// system itself writes to is never frozen.
  private static func isBootFileSystem(_ path: String, _ standing: Standing) -> Bool {
    guard geteuid() == 0, ["/boot", "/efi"].contains(where: path.hasPrefix) else { return false }
    let others = ["/", "/var", "/var/lib", "/var/lib/pawl", "/run", "/tmp", "/root", "/home"]
    return others.allSatisfy { Standing.following($0)?.device != standing.device }
  }
}
