import PawlHost
import PawlModel

/// A machine as one life of a runner sees it. The handle of a runner that has crashed does
/// nothing any more, so that no code that unwinds after a crash can still touch the world.
public final class SimulatedHost: Host {
  let world: World
  /// nil for people and tests, who do not crash.
  let life: Int?

  public init(world: World, life: Int? = nil) {
    self.world = world
    self.life = life
  }

  var isAlive: Bool { life.map { $0 == world.life } ?? true }

  /// As `reach`, for calls that cannot throw: false where the runner is dead.
  func comesTo(_ place: Place) -> Bool {
    (try? world.reach(place, life: life)) != nil
  }

  // MARK: - Clock and facts

  public func now() -> Stamp {
    world.pass(millis: 1)
    return world.stamp
  }

  public func machineID(root: String) -> String? { world.scenario.machineID }

  public func mount(of path: String) -> MountFact? {
    let folder = world.scenario.fileSystem(of: path)
    return MountFact(path: path, fileSystem: "ext4", source: "disk\(folder)")
  }

  public func freeBytes(at path: String) -> Int64? { world.isFull ? 1 << 20 : 1 << 36 }

  public func runningRelease() -> String { world.release }

  // MARK: - Processes

  public func run(
    _ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ExitReport {
    try world.reach(.programBefore, life: life)
    world.watchers.forEach { $0.programStarts(request, in: world) }
    guard let process = world.launch(request) else {
      return ExitReport(.notStarted("\(request.argv.first ?? "") is not there."), millis: 0)
    }
    let start = world.bootMillis
    let ending = try follow(process, request, since: start, watch: watch)
    let report = ExitReport(ending, millis: world.bootMillis - start)
    if process.purpose == .act { world.lastSafePoint = world.points }
    try world.reach(.programAfter, life: life)
    return report
  }

  private func follow(
    _ process: RunningProcess, _ request: ProcessRequest, since start: Int64,
    watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ExitReport.Ending {
    var good = true
    while good, process.nextDeed != nil {
      try world.reach(.programDuring, life: life)
      let result = world.work(process)
      good = result.good
      if try tell(watch, of: process, result.output, since: start) == .stop {
        world.kill(process)
        return .stopped
      }
    }
    try world.reach(.programDuring, life: life)
    if process.badEnding == .hangs {
      world.pass(millis: Int64(request.timeoutSeconds) * 1000)
      world.kill(process)
      return .timedOut
    }
    let ending = world.end(process, good: good)
    _ = try watch(tick([], since: start, hasEnded: true))
    return ending
  }

  /// An error of the watcher ends the program; the death of the runner does not.
  private func tell(
    _ watch: (ProcessTick) throws -> ProcessDirective, of process: RunningProcess,
    _ output: [UInt8], since start: Int64
  ) throws -> ProcessDirective {
    do {
      return try watch(tick(output, since: start, hasEnded: false))
    } catch let error as PawlError {
      world.kill(process)
      throw error
    }
  }

  private func tick(_ output: [UInt8], since start: Int64, hasEnded: Bool) -> ProcessTick {
    ProcessTick(
      output: output, skipped: 0, millis: world.bootMillis - start, hasEnded: hasEnded)
  }

  // MARK: - Survivors

  public func survivors(token: String) -> [Survivor] {
    guard isAlive else { return [] }
    return world.processes.filter { $0.token == token }.map {
      Survivor(pid: $0.pid, name: $0.model.processName)
    }
  }

  public func endSurvivors(token: String, seconds: Int) -> Bool {
    guard comesTo(.survivorsBefore) else { return false }
    world.processes.filter { $0.token == token }.forEach(world.kill)
    return comesTo(.survivorsAfter)
  }

  public func awaitSurvivors(token: String, seconds: Int) -> Bool {
    guard comesTo(.survivorsBefore) else { return false }
    for process in world.processes where process.token == token {
      if process.hangs { world.pass(millis: Int64(seconds) * 1000) } else { world.finish(process) }
    }
    return comesTo(.survivorsAfter) && survivors(token: token).isEmpty
  }

  public func spooledOutput(_ spool: String, from offset: Int64, limit: Int) -> [UInt8] {
    guard isAlive, let bytes = world.spools[spool] else { return [] }
    return bytes.dropFirst(Int(offset)).suffix(limit)
  }

  public func removeSpool(_ spool: String) {
    guard comesTo(.spoolBefore) else { return }
    world.spools[spool] = nil
    _ = comesTo(.spoolAfter)
  }
}
