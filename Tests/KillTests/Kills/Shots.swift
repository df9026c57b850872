import CPawl
import Glibc
import PawlModel

/// A place in the runner's life: the n-th time that one of its threads makes a system call which
/// no step makes.
struct Aim: CustomStringConvertible {
  var call: String
  var count: Int

  var description: String { "\(call) number \(count)" }

  /// One round of the sweep: every commit before its bytes and before its sync, every start of a
  /// program, every wait for one and every end of one.
  static let sweep: [Aim] =
    (1...12).flatMap { count in
      [
        Aim(call: "fdatasync", count: count), Aim(call: "clone", count: count),
        Aim(call: "pidfd_open", count: count), Aim(call: "wait4", count: count),
        Aim(call: "pwrite64", count: 9 * count), Aim(call: "pipe2", count: count),
        Aim(call: "waitid", count: 3 * count), Aim(call: "unlink", count: count),
        Aim(call: "poll", count: 2 * count),
      ]
    }

  /// What a runner does before its first step.
  static let edges = [
    Aim(call: "fdatasync", count: 1), Aim(call: "pwrite64", count: 1), Aim(call: "flock", count: 1),
  ]
}

/// One attempt to kill a plan's runner: the ledger right after its death, or nil where no live
/// runner died of it.
enum Shot {
  /// The runner under strace, which kills it when it enters the call.
  static func sweep(_ aim: Aim, _ plan: PlanID, in place: Workplace) throws -> Ledger.Lines? {
    let inject = "inject=\(aim.call):signal=KILL:when=\(aim.count)"
    let runner = try Child(
      ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(aim.call)"]
        + ["-e", inject] + place.command(["runner", "\(plan)"]), in: place.folder)
    return try runner.wait() == .signalled(SIGKILL) ? place.ledger.lines : nil
  }

  /// The runner that `pawl resume` has started, so many microseconds after it has its lock.
  static func random(
    after delay: UInt32, _ plan: PlanID, in place: Workplace
  ) throws -> Ledger.Lines? {
    let resume = try place.start("resume", "\(plan)")
    let handle = try handle(onRunnerOf: resume, in: place)
    guard handle >= 0 else {
      try resume.wait()
      return nil
    }
    defer { close(handle) }
    usleep(delay)
    pawl_pidfd_signal(handle, SIGKILL)
    var polled = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
    poll(&polled, 1, 30_000)
    let lines = place.ledger.lines
    try resume.wait()
    // Its parent saw how it ended: by itself, perhaps, in the very last moment.
    return resume.errors.contains("ended by signal \(SIGKILL) before the plan") ? lines : nil
  }

  /// Negative where `pawl resume` has ended before its runner could be caught.
  private static func handle(onRunnerOf resume: Child, in place: Workplace) throws -> Int32 {
    var handle: Int32 = -1
    _ = try eventually {
      if let pid = place.runnerPID, pid > 0 { handle = pawl_pidfd_open(pid) }
      return handle >= 0 || resume.look() != nil
    }
    return handle
  }
}
