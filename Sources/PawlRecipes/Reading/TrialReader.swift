import PawlModel

/// How a restart tries the new kernel.
enum TrialReader {
  private static let keys = ["deadline", "settle", "confirm", "modules", "checks"]

  static func read(_ node: SourceNode, _ findings: inout Findings) -> RecipeTrial? {
    guard let block = Block(node, "\"trial\"", knows: keys, &findings) else { return nil }
    var trial = RecipeTrial()
    trial.deadline = time(block, "deadline", &findings) ?? trial.deadline
    trial.settle = time(block, "settle", &findings) ?? trial.settle
    trial.confirm = block.text("confirm", &findings) ?? trial.confirm
    trial.modules = block.texts("modules", &findings) ?? []
    trial.checks = checks(block, &findings)
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
