import Glibc
import PawlModel

extension LiveHost: HostClock {
  public func now() -> Stamp {
    Stamp(
      wallMillis: milliseconds(CLOCK_REALTIME),
      bootID: smallFile("/proc/sys/kernel/random/boot_id") ?? "unknown",
      bootMillis: milliseconds(CLOCK_BOOTTIME))
  }
}

/// Milliseconds of a clock of the kernel.
func milliseconds(_ clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

/// The first line of a small file of the kernel's or the system's; nil where it is absent or empty.
func smallFile(_ path: String) -> String? {
  let opened = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
  guard opened >= 0 else { return nil }
  defer { close(opened) }
  var buffer = [UInt8](repeating: 0, count: 4096)
  let count = read(opened, &buffer, buffer.count)
  guard count > 0 else { return nil }
  let line = buffer.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
  return line.isEmpty ? nil : String(validating: line, as: UTF8.self)
}
