import CPawl
import Glibc
import PawlModel

/// Watches one child from its start to its end, on the calling thread.
struct ChildRun {
  private static let tickMillis: Int64 = 100
  private static let termMillis: Int64 = 5000
  /// After SIGKILL only the kernel can keep a process: a device that does not answer, say.
  private static let killMillis: Int64 = 30_000

  private enum Stop {
    case no
    case terminating(ExitReport.Ending, killAt: Int64)
    case killing(ExitReport.Ending, giveUpAt: Int64)
  }

  private let request: ProcessRequest
  private let pid: pid_t
  private let spool: Spool
  private let startedAt: Int64
  /// Readable at its end. Kernels before 5.3 have none.
  private let exitSignal: Descriptor?
  private var stop = Stop.no
  private var failure: (any Error)?
  private var nextTick: Int64

  /// Starts it. Throws `ChildProgram.Refusal` where that is not possible.
  init(_ request: ProcessRequest) throws {
    let program = try ChildProgram(request)
    self.request = request
    spool = try Spool(at: request.spool)
    startedAt = milliseconds(CLOCK_MONOTONIC)
    nextTick = startedAt + ChildRun.tickMillis
    pid = try program.start(output: try spool.openForChild())
    if request.background { _ = pawl_nice_group(pid, 10) }
    exitSignal = try? Descriptor(taking: pawl_pidfd_open(pid), "watch", "process \(pid)")
  }

  /// It is reaped last: until then its pid, which is also that of its group, can mean nothing
  /// else, and signals to it cannot hit a stranger.
  mutating func perform(
    watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ExitReport {
    var status: Int32 = 0
    while pawl_has_ended(pid, &status) == 0 {
      waitAWhile()
      tickIfDue(watch)
      try advanceStop()
    }
    endOthers()
    while waitpid(pid, nil, 0) < 0, errno == EINTR {}
    return try finish(status >= 0 ? .exited(status) : .signalled(-status), watch)
  }

  private var now: Int64 { milliseconds(CLOCK_MONOTONIC) }
  private var deadline: Int64 {
    startedAt.addingReportingOverflow(Int64(request.timeoutSeconds).multipliedSafely(by: 1000))
      .partialValue
  }

  private func waitAWhile() {
    var until = nextTick
    switch stop {
    case .no: until = min(until, deadline)
    case .terminating(_, let killAt): until = min(until, killAt)
    case .killing(_, let giveUpAt): until = min(until, giveUpAt)
    }
    // Without a pidfd nothing but asking tells of the end.
    let limit = exitSignal == nil ? min(until - now, 5) : until - now
    _ = awaitReadable(exitSignal.map { [$0.raw] } ?? [], milliseconds: limit)
  }

  /// Where the group was to be stopped, the rest of it has its seconds too, and is then killed:
  /// apt may be gone while its dpkg still puts things in order.
  private func endOthers() {
    guard stopped != nil else { return }
    while case .terminating(_, let killAt) = stop, now < killAt, ProcessGroup.hasOthers(than: pid) {
      _ = awaitReadable([], milliseconds: 20)
    }
    signalGroup(SIGKILL)
  }

  // MARK: Telling the watcher

  private mutating func tickIfDue(_ watch: (ProcessTick) throws -> ProcessDirective) {
    let time = now
    guard time >= nextTick else { return }
    nextTick = time + ChildRun.tickMillis
    do {
      var told = false
      var wantsStop = false
      try drain { output, skipped in
        told = true
        if try tell(output, skipped, watch) == .stop { wantsStop = true }
      }
      if !told, try tell([], 0, watch) == .stop { wantsStop = true }
      if wantsStop { beginStop(.stopped) }
    } catch {
      fail(error)
    }
  }

  /// After a failure of the watcher output is still read, so that the spool stays small.
  private func drain(_ take: ([UInt8], Int64) throws -> Void) throws {
    try spool.drain { output, skipped in
      if failure == nil { try take(output, skipped) }
      return true
    }
  }

  private func tell(
    _ output: [UInt8], _ skipped: Int64, _ watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ProcessDirective {
    guard failure == nil else { return .goOn }
    return try watch(
      ProcessTick(
        output: output, skipped: skipped, millis: now - startedAt, hasEnded: false, group: pid))
  }

  private mutating func fail(_ error: any Error) {
    if failure == nil { failure = error }
    beginStop(.stopped)
  }

  // MARK: Ending

  private mutating func beginStop(_ ending: ExitReport.Ending) {
    guard case .no = stop else { return }
    stop = .terminating(ending, killAt: now + ChildRun.termMillis)
    signalGroup(SIGTERM)
    // A stopped process takes up SIGTERM only once it goes on.
    signalGroup(SIGCONT)
  }

  private mutating func advanceStop() throws {
    let time = now
    switch stop {
    case .no:
      if time >= deadline { beginStop(.timedOut) }
    case .terminating(let ending, let killAt):
      guard time >= killAt else { return }
      signalGroup(SIGKILL)
      stop = .killing(ending, giveUpAt: time + ChildRun.killMillis)
    case .killing(_, let giveUpAt):
      guard time >= giveUpAt else { return }
      throw PawlError(
        .needsPerson,
        "\(request.argv.first ?? "The program") (process \(pid)) cannot be ended.",
        hint: "It waits inside the kernel, for a device perhaps; look at the kernel's log.")
    }
  }

  /// Only while the child is not reaped, and only to a group that is its own.
  private func signalGroup(_ signal: Int32) {
    _ = kill(getpgid(pid) == pid ? -pid : pid, signal)
  }

  private func finish(
    _ ending: ExitReport.Ending, _ watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ExitReport {
    let millis = now - startedAt
    if let failure { throw failure }
    try tellEnd(millis, watch)
    return ExitReport(stopped ?? ending, millis: millis)
  }

  private var stopped: ExitReport.Ending? {
    switch stop {
    case .no: nil
    case .terminating(let ending, _), .killing(let ending, _): ending
    }
  }

  /// The last piece of output says that it is the last.
  private func tellEnd(_ millis: Int64, _ watch: (ProcessTick) throws -> ProcessDirective) throws {
    var last = ProcessTick(output: [], skipped: 0, millis: millis, hasEnded: true, group: pid)
    try spool.drain { output, skipped in
      if !last.output.isEmpty {
        last.hasEnded = false
        _ = try watch(last)
      }
      last = ProcessTick(
        output: output, skipped: skipped, millis: millis, hasEnded: true, group: pid)
      return true
    }
    _ = try watch(last)
  }
}

extension Int64 {
  fileprivate func multipliedSafely(by factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? Int64.max / 4 : product
  }
}
