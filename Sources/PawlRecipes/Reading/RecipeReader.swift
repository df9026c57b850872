import PawlModel

/// A tree to a recipe. What cannot be read is left out and told; the rest is read all the same,
/// so that one look finds every problem.
enum RecipeReader {
  private static let keys = [
    "name", "description", "auto_execute", "rollback", "parameters", "subject", "steps",
  ]

  static func read(_ root: SourceNode, _ findings: inout Findings) -> Recipe? {
    guard let block = Block(root, "a recipe", knows: keys, &findings) else { return nil }
    let name = block.required(
      "name", "Begin the file with `name: my_recipe`.", &findings)
    if let name, !isRecipeName(name.raw) {
      findings.error(
        name.position, "The name \"\(name.raw)\" has signs that a name does not have.",
        "Use letters, digits, `-` and `_`, 64 at most.")
    }
    let summary = block.required(
      "description", "Say in one line what the recipe changes: `description: …`.", &findings)
    refuseAutomatic(block, &findings)
    let rollback = readRollback(block, &findings)
    let parameters = readParameters(block, &findings)
    let subject = readSubject(block, &findings)
    let steps = readSteps(block, &findings)
    return Recipe(
      name: name?.raw ?? "", summary: summary ?? Text(""), rollback: rollback ?? Text(""),
      parameters: parameters, subject: subject, steps: steps)
  }

  private static func isRecipeName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.unicodeScalars.allSatisfy { ScalarSet.word.contains($0) || $0 == "-" }
  }

  private static func refuseAutomatic(_ block: Block, _ findings: inout Findings) {
    guard let node = block.node("auto_execute"), node.bool != false else { return }
    findings.error(
      node.position, "\"auto_execute\" is false, always: no step runs without a person's approval.",
      "Write `auto_execute: false`, or leave it out.")
  }

  private static func readRollback(_ block: Block, _ findings: inout Findings) -> Text? {
    guard let node = block.node("rollback") else {
      findings.error(
        block.position, "\"rollback\" is missing: a recipe says what gets the host back.",
        "Write `rollback: {description: \"…\"}`.")
      return nil
    }
    guard let rollback = Block(node, "rollback", knows: ["description"], &findings) else {
      return nil
    }
    return rollback.required(
      "description", "Say in words what gets the host back: `description: \"…\"`.", &findings)
  }

  private static func readSubject(_ block: Block, _ findings: inout Findings) -> RecipeSubject {
    guard let node = block.node("subject"),
      let subject = Block(node, "subject", knows: ["modules", "options", "kernel"], &findings)
    else { return RecipeSubject() }
    return RecipeSubject(
      modules: subject.texts("modules", &findings) ?? [],
      options: subject.text("options", &findings),
      kernel: subject.text("kernel", &findings))
  }

  private static func readParameters(
    _ block: Block, _ findings: inout Findings
  ) -> [RecipeParameter] {
    guard let node = block.node("parameters"),
      let named = Block(open: node, "parameters", &findings)
    else { return [] }
    if named.keys.count > 50 {
      findings.error(named.position, "There are more than 50 parameters.", "Use fewer.")
    }
    return named.keys.prefix(50).compactMap { name in
      guard let node = named.node(name) else { return nil }
      return ParameterReader.read(name, node, at: named.position(of: name), &findings)
    }
  }

  private static func readSteps(_ block: Block, _ findings: inout Findings) -> [RecipeStep] {
    guard let node = block.node("steps") else {
      findings.error(
        block.position, "\"steps\" is missing in a recipe.", "Write `steps:` and a list.")
      return []
    }
    guard let items = node.list else {
      findings.error(
        node.position, "\"steps\" is a list, but \(node.kind) stands here.",
        "Begin every step with `- label: …`.")
      return []
    }
    if items.isEmpty {
      findings.error(node.position, "The recipe has no step.", "Write at least one step.")
    }
    if items.count > RecipeLimits.steps {
      findings.error(
        node.position, "The recipe has \(items.count) steps; \(RecipeLimits.steps) is the most.",
        "Split it into several recipes.")
      return []
    }
    var ids = StepNames()
    return items.compactMap { StepReader.read($0, ids: &ids, &findings) }
  }
}

/// What no recipe and no plan exceeds.
public enum RecipeLimits {
  public static let steps = 500
  public static let planBytes = 4 << 20
  public static let valueBytes = 4 << 10
}
