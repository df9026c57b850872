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
  private let executor: CallerExecutor
  private let child = ChildTask()
  private let spool: Spool
  private let startedAt = milliseconds(CLOCK_MONOTONIC)
  private var exitSignal: Descriptor?
  private var isPrepared = false
  private var exit: ExitReport.Ending?
  private var isReleased = false
  private var stop = Stop.no
  private var failure: (any Error)?
  private var nextTick: Int64

  init(_ request: ProcessRequest) throws {
    self.request = request
    executor = try CallerExecutor()
    spool = try Spool(at: request.spool)
    nextTick = startedAt + ChildRun.tickMillis
  }

  mutating func perform(
    _ configuration: ChildConfiguration, watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ExitReport {
    child.start(configuration.value, output: try spool.openForChild(), on: executor)
    defer { executor.close() }
    while true {
      executor.runJobs()
      if let failure = child.failure, exit == nil { return notStarted(failure) }
      prepareOnce()
      if exit != nil, isReaped { return try finish(watch) }
      waitAWhile()
      if exit == nil {
        tickIfDue(watch)
        try advanceStop()
      }
      if exit != nil { releaseUnlessOthersEnd() }
    }
  }

  private var now: Int64 { milliseconds(CLOCK_MONOTONIC) }
  private var deadline: Int64 {
    startedAt.addingReportingOverflow(Int64(request.timeoutSeconds).multipliedSafely(by: 1000))
      .partialValue
  }

  private mutating func prepareOnce() {
    guard !isPrepared, let pid = child.pid else { return }
    isPrepared = true
    if request.background { _ = pawl_nice_group(pid, 10) }
    exitSignal = try? Descriptor(taking: pawl_pidfd_open(pid), "watch", "process \(pid)")
  }

  private mutating func waitAWhile() {
    var descriptors = [executor.wake.raw]
    if let exitSignal, exit == nil { descriptors.append(exitSignal.raw) }
    _ = awaitReadable(descriptors, milliseconds: patience)
    if exit == nil { lookForExit() }
  }

  private var patience: Int64 {
    guard exit == nil else { return isReleased ? ChildRun.tickMillis : 20 }
    var until = nextTick
    guard child.pid != nil else { return until - now }
    switch stop {
    case .no: until = min(until, deadline)
    case .terminating(_, let killAt): until = min(until, killAt)
    case .killing(_, let giveUpAt): until = min(until, giveUpAt)
    }
    // Without a pidfd (kernels before 5.3) nothing but asking tells of the end.
    let isBlind = exitSignal == nil
    return isBlind ? min(until - now, 5) : until - now
  }

  /// The status is read before the child is reaped.
  private mutating func lookForExit() {
    var status: Int32 = 0
    guard let pid = child.pid, pawl_has_ended(pid, &status) == 1 else { return }
    exit = status >= 0 ? .exited(status) : .signalled(-status)
  }

  /// Where the group was to be stopped, the rest of it has its seconds too, and is then killed:
  /// apt may be gone while its dpkg still puts things in order.
  private mutating func releaseUnlessOthersEnd() {
    guard !isReleased, let pid = child.pid else { return }
    if case .terminating(_, let killAt) = stop, now < killAt, ProcessGroup.hasOthers(than: pid) {
      return
    }
    if stopped != nil { signalGroup(SIGKILL) }
    isReleased = true
    child.release()
  }

  /// Asked between jobs: reaping is one of them.
  private var isReaped: Bool {
    var status: Int32 = 0
    guard let pid = child.pid else { return true }
    return pawl_has_ended(pid, &status) < 0
  }

  // MARK: Telling the watcher

  private mutating func tickIfDue(_ watch: (ProcessTick) throws -> ProcessDirective) {
    let time = now
    guard time >= nextTick else { return }
    nextTick = time + ChildRun.tickMillis
    // Before there is a child, a wish to stop it could not be carried out.
    guard child.pid != nil else { return }
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
      ProcessTick(output: output, skipped: skipped, millis: now - startedAt, hasEnded: false))
  }

  private mutating func fail(_ error: any Error) {
    if failure == nil { failure = error }
    beginStop(.stopped)
  }

  // MARK: Ending

  private mutating func beginStop(_ ending: ExitReport.Ending) {
    guard case .no = stop, child.pid != nil else { return }
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
        "\(request.argv.first ?? "The program") (process \(child.pid ?? 0)) cannot be ended.",
        hint: "It waits inside the kernel, for a device perhaps; look at the kernel's log.")
    }
  }

  /// Only while the child is not reaped, and only to a group that is its own.
  private func signalGroup(_ signal: Int32) {
    guard let pid = child.pid else { return }
    _ = kill(getpgid(pid) == pid ? -pid : pid, signal)
  }

  private func notStarted(_ reason: String) -> ExitReport {
    let name = request.argv.first ?? ""
    return ExitReport(
      .notStarted("\(name) could not be started: \(reason)"), millis: now - startedAt)
  }

  private func finish(_ watch: (ProcessTick) throws -> ProcessDirective) throws -> ExitReport {
    let millis = now - startedAt
    if let failure { throw failure }
    try tellEnd(millis, watch)
    return ExitReport(stopped ?? exit ?? .exited(0), millis: millis)
  }

  private var stopped: ExitReport.Ending? {
    switch stop {
    case .no: nil
    case .terminating(let ending, _), .killing(let ending, _): ending
    }
  }

  /// The last piece of output says that it is the last.
  private func tellEnd(_ millis: Int64, _ watch: (ProcessTick) throws -> ProcessDirective) throws {
    var last = ProcessTick(output: [], skipped: 0, millis: millis, hasEnded: true)
    try spool.drain { output, skipped in
      if !last.output.isEmpty {
        last.hasEnded = false
        _ = try watch(last)
      }
      last = ProcessTick(output: output, skipped: skipped, millis: millis, hasEnded: true)
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
