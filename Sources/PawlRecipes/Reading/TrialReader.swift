import PawlModel

/// How a restart tries the new kernel.
enum TrialReader {
  private static let keys = ["deadline", "settle", "confirm", "modules", "checks", "wsl"]

  static func read(_ node: SourceNode, _ findings: inout Findings) -> RecipeTrial? {
    guard let block = Block(node, "\"trial\"", knows: keys, &findings) else { return nil }
    var trial = RecipeTrial()
    trial.deadline = time(block, "deadline", &findings) ?? trial.deadline
    trial.settle = time(block, "settle", &findings) ?? trial.settle
    trial.confirm = block.text("confirm", &findings) ?? trial.confirm
    trial.modules = block.texts("modules", &findings) ?? []
    trial.checks = checks(block, &findings)
    trial.wsl = block.node("wsl").flatMap { wsl($0, &findings) }
    let deadline = Quantities.seconds(trial.deadline.raw)
    if let deadline, let settle = Quantities.seconds(trial.settle.raw), settle >= deadline {
      findings.error(
        block.position,
        "A kernel that settles for \(settle) seconds is never done "
          + "before a deadline of \(deadline).",
        "Make the deadline longer than the time to settle.")
    }
    if !["yes", "no", "true", "false"].contains(trial.confirm.raw), !trial.confirm.hasNames {
      findings.error(
        trial.confirm.position, "\"confirm\" says neither yes nor no.", "Write yes or no.")
    }
    return trial
  }

  private static func wsl(_ node: SourceNode, _ findings: inout Findings) -> RecipeWSL? {
    let keys = ["settings", "had_settings", "before", "folder", "drivers"]
    guard let block = Block(node, "\"wsl\"", knows: keys, &findings) else { return nil }
    let settings = block.path("settings", &findings)
    let before = block.path("before", &findings)
    let folder = block.required("folder", "Write it as Windows does: C:\\Users\\me.", &findings)
    let drivers = block.required("drivers", "Write built-in or disk.", &findings)
    guard let settings, let before, let folder, let drivers else { return nil }
    return RecipeWSL(
      settings: settings, hadSettings: block.text("had_settings", &findings) ?? Text("yes"),
      before: before, folder: folder, drivers: drivers)
  }

  /// A parameter is looked at when the plan is made.
  private static func time(_ block: Block, _ key: String, _ findings: inout Findings) -> Text? {
    guard let text = block.text(key, &findings) else { return nil }
    guard text.hasNames || Quantities.seconds(text.raw) != nil else {
      findings.error(
        text.position, "\"\(text.raw)\" is no length of time.",
        "Write a whole number and s, m or h: 60s, 10m, 1h.")
      return nil
    }
    return text
  }

  private static func checks(_ block: Block, _ findings: inout Findings) -> [[Text]] {
    guard let node = block.node("checks") else { return [] }
    guard let items = node.list else {
      findings.error(
        node.position, "\"checks\" is a list of programs, but \(node.kind) stands here.",
        "Write [[systemctl, is-active, ssh], …].")
      return []
    }
    return items.compactMap { ActionReader.argv($0, "checks", &findings) }
  }
}
