import CPawl
import Foundation
import Glibc

/// Restarts a host that no longer answers: nothing is stopped in order. What is written is synced,
/// but a disk that does not answer is not waited for.
public enum ForcedRestart {
  /// Returns only where the kernel refuses.
  public static func act() {
    // Where the next boot, and whoever watches the console, finds it.
    tellKernelLog(DeadlineGuard.lastWords)
    Thread.detachNewThread { Glibc.sync() }
    sleep(10)
    _ = pawl_restart_at_once()
    // Another way into the kernel: sysrq(4) of Documentation/admin-guide/sysrq.rst.
    let trigger = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC)
    guard trigger >= 0 else { return }
    defer { close(trigger) }
    _ = write(trigger, "b", 1)
  }

  private static func tellKernelLog(_ sentence: String) {
    let log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC)
    guard log >= 0 else { return }
    defer { close(log) }
    let line = Array("<2>pawl: \(sentence)\n".utf8)
    _ = write(log, line, line.count)
  }

  /// What a guard needs stays in memory: its disk may go away under it. Without that it still works.
  /// The whole program is a hundred megabytes; a small host keeps of it what was used.
  public static func keepInMemory() {
    let memory = Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE)))
    let program = LiveHost.size(of: "/proc/self/exe") ?? 0
    _ = pawl_lock_memory(program > 0 && memory / program >= 8 ? 1 : 0)
  }
}
