import CPawl
import Glibc
import PawlModel
import Synchronization

/// Starts a process that outlives its starter, terminal and session: the runner.
public enum DetachedProcess {
  public enum Ending: Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)
  }

  /// As `waitpid` told it, of what this process started.
  private static let endings = Mutex<[pid_t: Int32]>([:])

  /// How what this process started has ended; nil while it lives.
  public static func ending(of pid: Int32) -> Ending? {
    guard let status = endings.withLock({ $0[pid] }) else { return nil }
    let signal = status & 0x7f
    return signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
  }

  /// `argv[0]` is an absolute path. The process leads a session of its own, reads `/dev/null`,
  /// appends output and errors to the log (0600), has no other descriptors, default signals, and
  /// exactly this environment. Returns its pid once the program runs.
  public static func start(argv: [String], environment: [String: String], logPath: String) throws
    -> Int32
  {
    guard let program = argv.first, program.hasPrefix("/") else {
      throw PawlError(.internalFault, "The program to detach has no absolute path: \(argv).")
    }
    let log = try Descriptor(taking: pawl_open_appending(logPath), "open the log", logPath)
    let settings = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let pid = withCStrings(argv) { arguments in
      withCStrings(settings) { pawl_spawn_detached(program, arguments, $0, log.raw) }
    }
    try checked(pid, "start", program)
    reapLater(pid)
    return pid
  }

  /// Where the starter lives longer than what it started, the end of that is taken note of, so
  /// that no zombie stays. A thread of its own: nothing else may wait for this pid.
  private static func reapLater(_ pid: pid_t) {
    var thread = pthread_t()
    let argument = UnsafeMutableRawPointer(bitPattern: Int(pid))
    let result = pthread_create(
      &thread, nil,
      { argument in
        let pid = pid_t(Int(bitPattern: argument))
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        DetachedProcess.endings.withLock { $0[pid] = status }
        return nil
      }, argument)
    if result == 0 { pthread_detach(thread) }
  }
}
