import PawlModel

/// Fields of a step that do not go together.
enum StepRules {
  static func check(_ step: RecipeStep, _ block: Block, _ findings: inout Findings) {
    checkInterrupted(step, block, &findings)
    checkGenerated(step, block, &findings)
    switch step.action {
    case .command:
      if step.effects == Effects.none { refuseUndoOfNothing(step, block, &findings) }
    case .build: refuseOtherEffects(step, block, &findings)
    case .writeFile, .appendLine, .removeFile, .copyFile, .copyTree:
      refuse(["undo"], block, "Pawl undoes \(step.action.kind) itself.", &findings)
      refuse(
        ["directory", "environment"], block,
        "\(step.action.kind) runs no program.", &findings)
      refuseOtherEffects(step, block, &findings)
    case .kernelConfig:
      refuse(["undo"], block, "Pawl undoes kernel_config itself.", &findings)
      refuseOtherEffects(step, block, &findings)
    case .restart:
      refuse(
        [
          "check", "undo", "interrupted", "backup", "generated", "outputs", "effects", "directory",
          "timeout",
          "environment",
        ],
        block, "A restart is proven by the boot that follows it.", &findings)
    }
    for key in ["restart_message", "trial"] where !step.action.isRestart && block.has(key) {
      findings.error(
        block.position(of: key), "\"\(key)\" stands in a step that restarts nothing.",
        "Move it to the step with `restart_required`.")
    }
  }

  private static func checkInterrupted(
    _ step: RecipeStep, _ block: Block, _ findings: inout Findings
  ) {
    guard step.interrupted == .check, step.check == nil, !block.has("check") else { return }
    findings.error(
      block.node("interrupted")?.position ?? step.position,
      "\"interrupted: check\" in a step without a check.",
      "Add `check: [program, …]`, exit 0 where the work is done, or write `interrupted: ask`.")
  }

  private static func checkGenerated(
    _ step: RecipeStep, _ block: Block, _ findings: inout Findings
  ) {
    guard block.has("generated"), step.undo == nil else { return }
    findings.error(
      block.position(of: "generated"), "\"generated\" in a step without an undo program.",
      "Add `undo: [program, …]` that makes these files anew, or name them under `backup`.")
  }

  private static func refuseUndoOfNothing(
    _ step: RecipeStep, _ block: Block, _ findings: inout Findings
  ) {
    for key in ["undo", "backup"] where block.has(key) {
      findings.error(
        block.position(of: key), "\"\(key)\" in a step whose effects are none.",
        "Take it out, or write `effects: durable`.")
    }
  }

  private static func refuseOtherEffects(
    _ step: RecipeStep, _ block: Block, _ findings: inout Findings
  ) {
    guard let effects = step.effects, effects != .durable else { return }
    findings.error(
      block.node("effects")?.position ?? step.position,
      "What \(step.action.kind) does is on disk: its effects are durable.",
      "Leave \"effects\" out.")
  }

  private static func refuse(
    _ keys: [String], _ block: Block, _ why: String, _ findings: inout Findings
  ) {
    for key in keys where block.has(key) {
      findings.error(
        block.position(of: key), "\"\(key)\" has no place here. \(why)", "Leave it out.")
    }
  }
}

extension RecipeAction {
  var isRestart: Bool {
    switch self {
    case .restart: true
    case .command, .writeFile, .appendLine, .removeFile, .copyFile, .copyTree, .kernelConfig,
      .build:
      false
    }
  }
}
