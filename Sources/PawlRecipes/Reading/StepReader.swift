import PawlModel

enum StepReader {
  private static let keys =
    [
      "id", "label", "directory", "environment", "restart_message", "trial", "needs_sudo", "risk",
      "check",
      "undo", "timeout", "effects", "interrupted", "backup", "generated", "outputs", "reads",
      "uses", "when",
      "unless",
    ] + ActionReader.keys

  /// nil where there is no step to speak of; the findings say why.
  static func read(
    _ node: SourceNode, ids: inout StepNames, _ findings: inout Findings
  ) -> RecipeStep? {
    guard let block = Block(node, "a step", knows: keys, &findings) else { return nil }
    let label = block.required(
      "label", "Say in a few plain words what the step does: `label: …`.", &findings)
    let id = ids.name(
      block.text("id", &findings), label: label, at: block.position, &findings)
    let risk = readRisk(block, &findings)
    let action = ActionReader.read(block, &findings)
    let undo = ActionReader.argv(block, "undo", &findings)
    let check = ActionReader.argv(block, "check", &findings)
    let conditions = readConditions(block, &findings)
    var step = RecipeStep(
      id: id, label: label ?? Text(""), action: action ?? .command([]), position: block.position,
      riskPosition: block.node("risk")?.position ?? block.position)
    step.risk = risk
    step.check = check
    step.undo = undo
    step.conditions = conditions
    step.needsRoot = block.bool("needs_sudo", &findings) ?? false
    step.directory = block.text("directory", &findings)
    step.environment = readEnvironment(block, &findings)
    step.timeoutSeconds = readTimeout(block, &findings)
    step.effects = block.word("effects", Effects.self, &findings)
    step.interrupted = block.word("interrupted", InterruptedPolicy.self, &findings)
    step.backups = block.texts("backup", &findings) ?? []
    step.generated = block.texts("generated", &findings) ?? []
    step.outputs = block.texts("outputs", &findings) ?? []
    step.reads = block.texts("reads", &findings) ?? []
    step.uses = readUses(block, ids: ids, of: id, &findings)
    guard action != nil else { return nil }
    StepRules.check(step, block, &findings)
    return step
  }

  private static func readRisk(_ block: Block, _ findings: inout Findings) -> Risk? {
    guard block.has("risk") else {
      findings.error(
        block.position, "\"risk\" is missing in a step.",
        "Write `risk: low`, `medium` or `high`; when in doubt, the higher one.")
      return nil
    }
    return block.word("risk", Risk.self, &findings)
  }

  private static func readTimeout(_ block: Block, _ findings: inout Findings) -> Int? {
    guard let text = block.text("timeout", &findings) else { return nil }
    guard let seconds = Quantities.seconds(text.raw) else {
      findings.error(
        text.position, "\"\(text.raw)\" is no timeout.",
        "Write a whole number and s, m or h, 7 days at most: 60s, 10m, 2h.")
      return nil
    }
    return seconds
  }

  private static func readEnvironment(
    _ block: Block, _ findings: inout Findings
  ) -> [String: Text] {
    guard let node = block.node("environment"),
      let variables = Block(open: node, "\"environment\"", &findings)
    else { return [:] }
    var found: [String: Text] = [:]
    for name in variables.keys {
      guard let first = name.unicodeScalars.first, !ScalarSet.digits.contains(first),
        name.unicodeScalars.allSatisfy({ ScalarSet.word.contains($0) })
      else {
        findings.error(
          variables.position(of: name), "\"\(name)\" cannot be a variable's name.",
          "Use letters, digits and `_`.")
        continue
      }
      found[name] = variables.text(name, &findings, mayBeEmpty: true)
    }
    return found
  }

  private static func readUses(
    _ block: Block, ids: StepNames, of id: StepID, _ findings: inout Findings
  ) -> [Text] {
    let named = block.texts("uses", &findings) ?? []
    for text in named where !ids.contains(text.raw) || text.raw == id.name {
      findings.error(
        text.position, "\"\(text.raw)\" is not the id of an earlier step.",
        "Name a step that stands above this one.")
    }
    return named
  }

  private static func readConditions(
    _ block: Block, _ findings: inout Findings
  ) -> [RecipeCondition] {
    var found: [RecipeCondition] = []
    for key in ["when", "unless"] {
      guard let node = block.node(key),
        let fields = Block(node, "\"\(key)\"", knows: ["fact", "is"], &findings)
      else { continue }
      let name = fields.required("fact", "Write {fact: NAME, is: VALUE}.", &findings)
      let value = fields.required(
        "is", "Write {fact: NAME, is: VALUE}.", &findings, mayBeEmpty: true)
      guard let name, let value else { continue }
      found.append(RecipeCondition(name: name, value: value.raw, isNegated: key == "unless"))
    }
    return found
  }
}
