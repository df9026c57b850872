import CPawl
import Glibc
import PawlModel

/// The processes of a group, as `/proc` lists them.
enum ProcessGroup {
  /// Whether anybody but the leader still lives in the group. The leader is not reaped, so the
  /// number of the group means this group.
  static func hasOthers(than leader: pid_t) -> Bool {
    allProcesses().contains { $0 != leader && isAlive($0, in: leader) }
  }

  static func allProcesses() -> [pid_t] {
    let opened = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0, let folder = try? Descriptor(taking: opened, "open", "/proc"),
      let names = try? FolderListing.names(in: folder, path: "/proc")
    else { return [] }
    return names.compactMap { pid_t($0) }.sorted()
  }

  /// Fields as proc(5) has them; the name in parentheses may hold anything.
  private static func isAlive(_ pid: pid_t, in group: pid_t) -> Bool {
    guard let line = smallFile("/proc/\(pid)/stat"), let end = line.lastIndex(of: ")") else {
      return false
    }
    let fields = line[line.index(after: end)...].split(separator: " ")
    guard fields.count > 2 else { return false }
    return pid_t(fields[2]) == group && !["Z", "X"].contains(fields[0])
  }
}
