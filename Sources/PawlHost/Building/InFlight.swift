import Glibc
import PawlModel

extension LiveHost {
  public func earliestStart(inGroup group: Int32) -> Int64 {
    let now = nanoseconds(CLOCK_REALTIME)
    return InFlight.starts { $0.group == group && $0.pid != group }.min() ?? now
  }

  public func earliestStart(token: String) -> Int64? {
    let alive = Set(survivors(token: token).map(\.pid))
    guard !alive.isEmpty else { return nil }
    let now = nanoseconds(CLOCK_REALTIME)
    return InFlight.starts { alive.contains($0.pid) }.min() ?? now
  }
}

/// Programs at work, by what proc(5) says of them.
enum InFlight {
  struct Program {
    let pid: pid_t
    let name: Substring
    let group: pid_t
    /// Ticks of sysconf(_SC_CLK_TCK) since the boot, time asleep included.
    let start: Int64

    init?(pid: pid_t, line: String) {
      guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")") else {
        return nil
      }
      name = line[line.index(after: open)..<close]
      let fields = line[line.index(after: close)...].split(separator: " ")
      guard fields.count > 19, !["Z", "X"].contains(fields[0]), let group = pid_t(fields[2]),
        let start = Int64(fields[19])
      else { return nil }
      self.pid = pid
      self.group = group
      self.start = start
    }

    /// It writes no output itself, and lives as long as the build.
    var drivesOthers: Bool { ["make", "gmake", "ninja"].contains(name) }
  }

  /// Their starts in nanoseconds since 1970. A shell that runs a rule counts: what its first
  /// program has written is not finished before its last one is.
  static func starts(where isWanted: (Program) -> Bool) -> [Int64] {
    let offset = nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_BOOTTIME)
    let tick = 1_000_000_000 / Int64(max(sysconf(Int32(_SC_CLK_TCK)), 1))
    return ProcessGroup.allProcesses().compactMap { pid in
      guard let line = smallFile("/proc/\(pid)/stat"), let program = Program(pid: pid, line: line),
        isWanted(program), !program.drivesOthers
      else { return nil }
      return offset + program.start * tick
    }
  }
}

func nanoseconds(_ clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
