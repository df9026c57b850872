import PawlHost
import PawlJournal
import PawlModel

/// A long command with progress. It may be stopped at any instant and goes on from what it has
/// made: that is what makes a pause possible in the middle of it.
struct BuildAct {
  let performer: Performer

  func run(_ command: Command, directory: String) throws -> ActResult {
    let journal = performer.context.journal
    let plan = performer.plan
    let interval = performer.context.limits.checkpointInterval
    var command = command
    command.directory = command.directory ?? directory
    var progress = BuildProgress(before: performer.step.checkpoint)
    if performer.step.checkpoint?.expected == nil {
      progress.forecast = performer.context.forecastBuild(plan, performer.step, command)
    }
    var lastCheckpoint: Int64 = 0
    var lastLook: Int64 = 0
    var sequence = plan.sequence
    return try ProgramAct(performer: performer).run(command, background: true) { tick in
      progress.take(tick.output)
      if tick.millis - lastCheckpoint >= interval {
        lastCheckpoint = tick.millis
        sequence = try record(progress.checkpoint(millis: tick.millis))
      }
      guard tick.millis - lastLook >= 1000 else { return .goOn }
      lastLook = tick.millis
      guard try journal.newestSequence(of: plan.id) != sequence else { return .goOn }
      return try directive(after: &sequence)
    }
  }

  private func record(_ checkpoint: Checkpoint) throws -> Int64 {
    let context = performer.context
    return try context.journal.append(
      [Entry(plan: performer.plan.id, step: performer.step.id, .checkpoint(checkpoint))],
      by: context.actor, at: context.host.now())
  }

  private func directive(after sequence: inout Int64) throws -> ProcessDirective {
    guard let fresh = try performer.context.journal.plan(performer.plan.id) else { return .stop }
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
    for byte in bytes {
      if byte == newline {
        if compileMarks.contains(where: { lineHead.starts(with: $0) }) { done += 1 }
        lineHead.removeAll(keepingCapacity: true)
      } else if lineHead.count < 11 {
        lineHead.append(byte)
      }
    }
  }

  func checkpoint(millis: Int64) -> Checkpoint {
    Checkpoint(
      done: done, expected: forecast?.objects ?? before?.expected,
      basis: forecast?.basis ?? before?.basis ?? "none", millis: (before?.millis ?? 0) + millis,
      outputBytes: 0)
  }
}

private let newline = UInt8(ascii: "\n")
private let compileMarks: [[UInt8]] = ["  CC ", "  CC [M]", "  AS ", "  AS [M]"].map {
  Array($0.utf8)
}
