import PawlHost
import PawlJournal
import PawlModel

/// A long command with progress, in a folder that is fit to go on in. It may be stopped at any
/// instant and goes on from what it has made: that is what makes a pause possible in the middle.
struct BuildAct {
  let performer: Performer

  func run(_ command: Command, directory: String) throws -> ActResult {
    var command = command
    command.directory = command.directory ?? directory
    let folder = BuildFolder(performer: performer, directory: directory, command: command)
    switch try folder.makeFit() {
    case .unfit(let why): return .untouched(because: why)
    case .fit(let environment):
      command.environment.merge(environment) { _, own in own }
      return try run(command, in: folder)
    }
  }

  private func run(_ command: Command, in folder: BuildFolder) throws -> ActResult {
    let plan = performer.plan
    var progress = BuildProgress(before: performer.step.checkpoint)
    if performer.step.checkpoint?.expected == nil {
      progress.forecast = performer.context.forecastBuild(plan, performer.step, command)
    }
    var checkpoints = BuildCheckpoints(performer: performer, folder: folder)
    var lastLook: Int64 = 0
    let result = try ProgramAct(performer: performer).run(command, background: true) { tick in
      progress.take(tick.output)
      try checkpoints.take(tick, progress)
      guard tick.millis - lastLook >= 1000 else { return .goOn }
      lastLook = tick.millis
      return try directive(after: &checkpoints.sequence)
    }
    if case .stopped = result.exit.ending { return result }
    try folder.close()
    return result
  }

  private func directive(after sequence: inout Int64) throws -> ProcessDirective {
    let journal = performer.context.journal
    guard try journal.newestSequence(of: performer.plan.id) != sequence else { return .goOn }
    guard let fresh = try journal.plan(performer.plan.id) else { return .stop }
    sequence = fresh.sequence
    switch fresh.control {
    case .pause, .cancel, .rollback, .abandon: return .stop
    case .resume, nil: return .goOn
    }
  }
}

/// Counts what a kernel build says it has made: one line per object, `  CC      path`.
struct BuildProgress {
  private(set) var done: Int
  private(set) var outputBytes: Int64 = 0
  private var lineHead: [UInt8] = []
  /// Asked for once, before the first attempt; later attempts go by the checkpoint.
  var forecast: BuildForecast?
  private let before: Checkpoint?

  /// `before`: where an earlier attempt of the same step had come to.
  init(before: Checkpoint?) {
    self.before = before
    done = before?.done ?? 0
  }

  /// A line of any length costs no more than its first eleven bytes.
  mutating func take(_ bytes: [UInt8]) {
    outputBytes += Int64(bytes.count)
    for byte in bytes {
      if byte == newline {
        if compileMarks.contains(where: { lineHead.starts(with: $0) }) { done += 1 }
        lineHead.removeAll(keepingCapacity: true)
      } else if lineHead.count < 11 {
        lineHead.append(byte)
      }
    }
  }

  func checkpoint(
    millis: Int64, asleep: Int64 = 0, cutoff: Int64? = nil, syncing: Int64? = nil
  ) -> Checkpoint {
    let asleep = (before?.asleepMillis ?? 0) + asleep
    return Checkpoint(
      done: done, expected: forecast?.objects ?? before?.expected,
      basis: forecast?.basis ?? before?.basis ?? "none", millis: (before?.millis ?? 0) + millis,
      outputBytes: outputBytes, cutoff: cutoff, asleepMillis: asleep > 0 ? asleep : nil,
      syncMillis: syncing)
  }
}

private let newline = UInt8(ascii: "\n")
private let compileMarks: [[UInt8]] = ["  CC ", "  CC [M]", "  AS ", "  AS [M]"].map {
  Array($0.utf8)
}
