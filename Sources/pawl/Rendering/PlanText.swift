import PawlEngine
import PawlModel

/// A plan as lines for a person: every step with its risk, state and digest.
enum PlanText {
  static func header(_ plan: PlanRecord) -> [String] {
    let frozen = plan.frozen
    var lines = [
      "Plan \(plan.id)  \(frozen.recipe)  for \(frozen.hostName)   digest \(plan.digest.short)",
      "  \(StepWording.printable(frozen.summary))",
      "  State    \(plan.state.inWords)",
    ]
    if frozen.root != "/" { lines.append("  Below    \(frozen.root)") }
    if let release = frozen.newRelease { lines.append("  Kernel   " + kernel(plan, release)) }
    if let why = plan.why { lines.append("  Because  \(StepWording.printable(why))") }
    return lines
  }

  /// Read also when the plan is long done.
  private static func kernel(_ plan: PlanRecord, _ release: String) -> String {
    let old = plan.frozen.runningRelease
    switch plan.state {
    case .planned: return "\(old) runs, \(release) is to be installed"
    case .succeeded: return "from \(old) to \(release)"
    case .rolledBack: return "\(old) as before; \(release) was taken back"
    case .running, .waiting, .failed, .rollingBack, .rollbackFailed, .abandoned:
      return "\(old) ran when this was planned, \(release) is its new one"
    }
  }

  static func steps(_ plan: PlanRecord) -> [String] {
    let widest = plan.steps.map(\.id.name.count).max() ?? 4
    return plan.steps.enumerated().map { index, step in
      let number = pad(String(index + 1), to: 3, right: true)
      return "\(number)  \(pad(step.id.name, to: widest))  \(pad(step.frozen.risk.word, to: 9))  "
        + "\(pad(step.state.rawValue, to: 11))  \(step.digest.short)  "
        + StepWording.printable(step.frozen.label)
    }
  }

  static func details(_ step: StepRecord) -> [String] {
    let frozen = step.frozen
    var lines = [
      "Step \(step.id)  \(frozen.risk.word)  \(step.state.rawValue)  attempts \(step.attempts)",
      "  Label    \(StepWording.printable(frozen.label))",
    ]
    lines += StepWording.does(frozen).map { "  Does     \($0)" }
    lines += StepWording.undoes(frozen).map { "  Undo     \($0)" }
    if let check = frozen.check { lines.append("  Check    \(StepWording.line(check.argv))") }
    lines.append("  As       \(frozen.runsAs.name) (uid \(frozen.runsAs.uid))")
    lines.append("  Timeout  \(frozen.timeoutSeconds) s, effects \(frozen.effects.rawValue)")
    lines.append("  If power fails during it: \(StepWording.interruption(frozen))")
    lines += frozen.facts.map { "  Relies   on \($0.path): \($0.expectation.sentence)" }
    if !frozen.uses.isEmpty {
      lines.append("  Uses     \(frozen.uses.map(\.name).joined(separator: ", "))")
    }
    if let why = step.why { lines.append("  Because  \(StepWording.printable(why))") }
    lines.append("  Digest   \(step.digest)")
    return lines
  }

  static func pad(_ text: String, to width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
  }
}

extension Fact.Expectation {
  var sentence: String {
    switch self {
    case .absent: "absent"
    case .digest(let digest): "SHA-256 \(digest.short)"
    case .leftBy(let step): "as step \(step) leaves it"
    }
  }
}
