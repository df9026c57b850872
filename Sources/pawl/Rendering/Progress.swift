import PawlEngine
import PawlModel

/// What changed between two looks at a plan, a line each: what `run` and `watch` print.
enum Progress {
  static func lines(from old: PlanRecord?, to new: PlanRecord) -> [String] {
    var lines: [String] = []
    for (index, step) in new.steps.enumerated() {
      let before = old?.steps[index]
      if before?.state != step.state || before?.attempts != step.attempts, step.state != .pending {
        lines.append(stateLine(step, number: index + 1, of: new.steps.count))
      } else if let checkpoint = step.checkpoint, checkpoint != before?.checkpoint {
        lines.append("      \(step.id)  \(buildLine(checkpoint))")
      }
    }
    if old?.state != new.state, old != nil || new.state.isSettled {
      let why = new.why.map { ": \(StepWording.printable($0))" } ?? ""
      lines.append("plan \(new.id) is \(new.state.inWords)\(why)")
    }
    return lines
  }

  private static func stateLine(_ step: StepRecord, number: Int, of count: Int) -> String {
    var line = "[\(number)/\(count)] \(step.id)  \(step.state.rawValue)"
    if let millis = step.exit?.millis, step.state == .succeeded || step.state == .failed {
      line += "  after \(duration(millis))"
    }
    if let why = step.why { line += "  (\(StepWording.printable(why)))" }
    return line
  }

  /// A number of minutes is only named with what it is based on.
  static func buildLine(_ checkpoint: Checkpoint) -> String {
    var gone = "\(duration(checkpoint.millis)) gone"
    if let asleep = checkpoint.asleepMillis {
      gone += " and \(duration(asleep)) asleep, which does not count"
    }
    guard let expected = checkpoint.expected, expected >= checkpoint.done, expected > 0 else {
      return
        "\(checkpoint.done) objects, \(gone); no estimate, nothing says how many there will be"
    }
    let percent = min(99, checkpoint.done * 100 / expected)
    var line = "\(percent) percent, \(checkpoint.done) of about \(expected) objects, \(gone)"
    if let left = left(checkpoint, expected: expected) {
      line += ", about \(duration(left)) left"
    }
    return line + " (\(basis(checkpoint.basis)))"
  }

  /// Nothing is estimated before a twentieth is done.
  private static func left(_ checkpoint: Checkpoint, expected: Int) -> Int64? {
    guard checkpoint.done * 20 >= expected, checkpoint.done > 0 else { return nil }
    let rest = Int64(max(0, expected - checkpoint.done))
    return checkpoint.millis * rest / Int64(checkpoint.done)
  }

  private static func basis(_ word: String) -> String {
    switch word {
    case "earlier-build": "from an earlier build in the journal"
    case "tree": "counted from the tree"
    default: "estimated from the configuration; the first build here"
    }
  }

  static func duration(_ millis: Int64) -> String {
    let seconds = millis / 1000
    if seconds < 1 { return "\(millis) ms" }
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds / 60 % 60) min"
  }
}
