import Glibc

/// One run, watched from outside.
///
/// Times are read from `/proc/PID/stat` when the program has ended and has not been waited for
/// yet: a zombie keeps them, final, and nothing can be missed. Its own time and that of the
/// children it waited for stand in different columns there; `wait4` would give their sum.
/// Memory is gone by then: `VmHWM` of `/proc/PID/status` is read every ten milliseconds while the
/// program runs. It is a high-water mark, so only what grows in the last of them is missed.
struct Run {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static let lookNanos = 10_000_000
  let cost: Cost

  init(_ argv: [String], out: String) throws {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGCHLD)
    pthread_sigmask(SIG_BLOCK, &signals, nil)

    let start = Run.now()
    let pid = try Run.spawn(argv, out: out)
    var peak: Int64 = 0
    while !Run.hasEnded(pid) {
      peak = max(peak, Run.highWater(of: pid))
      var patience = timespec(tv_sec: 0, tv_nsec: Run.lookNanos)
      _ = sigtimedwait(&signals, nil, &patience)
    }
    let wall = Run.now() - start
    let (own, children) = try Run.times(of: pid)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    let signal = status & 0x7f
    cost = Cost(
      wallMicros: wall, ownMicros: own, childrenMicros: children, peakKilobytes: peak,
      status: signal == 0 ? status >> 8 & 0xff : 128 + signal)
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  private static func hasEnded(_ pid: pid_t) -> Bool {
    var found = siginfo_t()
    let result = waitid(P_PID, id_t(pid), &found, WEXITED | WNOHANG | WNOWAIT)
    return result < 0 || found.si_signo == SIGCHLD
  }

  private static func spawn(_ argv: [String], out: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    var arguments = argv.map { strdup($0) }
    arguments.append(nil)
    defer { arguments.forEach { free($0) } }
    var pid: pid_t = 0
    let result = posix_spawnp(&pid, argv[0], &actions, &attributes, arguments, environ)
    guard result == 0 else {
      throw Failure(description: "\(argv[0]): \(String(cString: strerror(result)))")
    }
    return pid
  }

  // MARK: - What the kernel says

  /// Of the program itself, and of the children it waited for: microseconds, user and system.
  private static func times(of pid: pid_t) throws -> (own: Int64, children: Int64) {
    // The name, in parentheses, may hold anything; the columns after it are numbers.
    let text = read("/proc/\(pid)/stat")
    let columns = text.split(separator: ")").last?.split(separator: " ") ?? []
    let ticks = columns.dropFirst(11).prefix(4).compactMap { Int64($0) }
    guard ticks.count == 4 else {
      throw Failure(description: "/proc/\(pid)/stat does not read as expected: \(text)")
    }
    let tick = 1_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
    return ((ticks[0] + ticks[1]) * tick, (ticks[2] + ticks[3]) * tick)
  }

  private static func highWater(of pid: pid_t) -> Int64 {
    for line in read("/proc/\(pid)/status").split(separator: "\n") where line.hasPrefix("VmHWM:") {
      return line.split(separator: " ").compactMap { Int64($0) }.first ?? 0
    }
    return 0
  }

  private static func read(_ path: String) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 16384)
    let count = Glibc.read(file, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
  }
}
