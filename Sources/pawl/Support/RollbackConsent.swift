import PawlEngine
import PawlModel

/// A rollback by hand is asked for once, at the plan's highest risk.
struct RollbackConsent {
  let plan: PlanRecord

  /// `command` is what the person typed.
  func obtain(digest: String?, host: String?, by command: String? = nil) throws {
    guard plan.hasActed else {
      throw PawlError(
        .refused, "Plan \(plan.id) has changed nothing; there is nothing to roll back.",
        hint: "pawl cancel \(plan.id) ends it.")
    }
    guard plan.state != .rolledBack, plan.state != .abandoned else {
      throw PawlError(.refused, "Plan \(plan.id) is \(plan.state.word); it cannot be rolled back.")
    }
    if let digest { return try compare(digest, host) }
    guard let terminal = Terminal() else {
      throw PawlError(
        .notApproved, "Rolling plan \(plan.id) back needs your consent.",
        hint: "On a terminal: \(command ?? "pawl rollback \(plan.id)"). In a script: add "
          + "--digest \(plan.digest)")
    }
    defer { terminal.close() }
    try ask(on: terminal)
  }

  private func compare(_ digest: String, _ host: String?) throws {
    guard digest == plan.digest.hex else {
      throw PawlError(.notApproved, "Plan \(plan.id) has another digest: \(plan.digest).")
    }
    if plan.frozen.highestRisk == .high, host != plan.frozen.hostName {
      throw PawlError(
        .notApproved, "Plan \(plan.id) has steps of high risk.",
        hint: "Add --host \(plan.frozen.hostName)")
    }
  }

  private func ask(on terminal: Terminal) throws {
    var lines = ["Rolling back plan \(plan.id), \(plan.frozen.recipe), last step first:"]
    lines += plan.steps.reversed().flatMap { step in
      StepWording.undoes(step.frozen).map { "  \(step.id): \($0)" }
    }
    lines.append("  \(plan.frozen.rollback)")
    terminal.write(lines.joined(separator: "\n") + "\n")
    let wanted: [(prompt: String, answers: [String])] =
      switch plan.frozen.highestRisk {
      case .low: [("Roll it back? [y/N] ", ["y", "yes"])]
      case .medium: [("Type \"yes\" to roll it back: ", ["yes"])]
      case .high:
        [
          ("Type the number of the plan: ", [String(plan.id.number)]),
          ("Type the name of THIS host: ", [plan.frozen.hostName]),
        ]
      }
    for (prompt, answers) in wanted where !answers.contains(terminal.ask("  " + prompt) ?? "") {
      throw PawlError(.notApproved, "Not rolled back; nothing was done.")
    }
  }
}
