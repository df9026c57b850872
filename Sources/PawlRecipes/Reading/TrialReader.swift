import PawlModel

/// How a restart tries the new kernel.
enum TrialReader {
  private static let keys = ["deadline", "settle", "confirm", "modules", "checks"]

  static func read(_ node: SourceNode, _ findings: inout Findings) -> RecipeTrial? {
    guard let block = Block(node, "\"trial\"", knows: keys, &findings) else { return nil }
    var trial = RecipeTrial()
    trial.deadlineSeconds = seconds(block, "deadline", &findings) ?? trial.deadlineSeconds
    trial.settleSeconds = seconds(block, "settle", &findings) ?? trial.settleSeconds
    trial.asksPerson = block.bool("confirm", &findings) ?? false
    trial.modules = block.texts("modules", &findings) ?? []
    trial.checks = checks(block, &findings)
    if trial.settleSeconds >= trial.deadlineSeconds {
      findings.error(
        block.position,
        "A kernel that settles for \(trial.settleSeconds) seconds is never done "
          + "before a deadline of \(trial.deadlineSeconds).",
        "Make the deadline longer than the time to settle.")
    }
    return trial
  }

  private static func seconds(
    _ block: Block, _ key: String, _ findings: inout Findings
  ) -> Int? {
    guard let text = block.text(key, &findings) else { return nil }
    guard let seconds = Quantities.seconds(text.raw) else {
      findings.error(
        text.position, "\"\(text.raw)\" is no length of time.",
        "Write a whole number and s, m or h: 60s, 10m, 1h.")
      return nil
    }
    return seconds
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
