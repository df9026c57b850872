import PawlModel

enum ParameterReader {
  private static let keys = ["default", "pattern", "description", "required"]

  static func read(
    _ name: String, _ node: SourceNode, at position: Position, _ findings: inout Findings
  ) -> RecipeParameter? {
    if !Text.isName(name) {
      findings.error(
        position, "\"\(name)\" cannot be a parameter's name.",
        "Use lower-case letters, digits and `_`, beginning with a letter.")
    }
    let what = "parameter \"\(name)\""
    guard let block = Block(node, what, knows: keys, &findings) else { return nil }
    let standard = block.text("default", &findings, mayBeEmpty: true)
    if let standard, standard.raw.utf8.count > RecipeLimits.valueBytes {
      findings.error(
        standard.position, "The default of \(what) has more than \(RecipeLimits.valueBytes) bytes.",
        "Give a shorter one.")
      return nil
    }
    let isRequired = block.bool("required", &findings) ?? false
    if !block.has("default"), !isRequired {
      findings.error(
        position, "The \(what) has no default and is not required.",
        "Write `default: …` or `required: true`.")
    }
    if block.has("default"), isRequired {
      findings.error(
        block.position(of: "required"), "The \(what) is required, so its default is never used.",
        "Keep one of `default` and `required: true`.")
    }
    let pattern = readPattern(block, what, &findings)
    if let standard, let pattern, !standard.hasNames, !pattern.matches(standard.raw) {
      findings.error(
        standard.position,
        "The default \"\(standard.raw)\" of \(what) does not match its pattern \(pattern.source).",
        "Change the default or the pattern.")
    }
    let explanation = block.text("description", &findings)?.raw ?? ""
    return RecipeParameter(
      name: name, standard: standard, pattern: pattern, explanation: explanation,
      isRequired: isRequired)
  }

  private static func readPattern(
    _ block: Block, _ what: String, _ findings: inout Findings
  ) -> Pattern? {
    guard let text = block.text("pattern", &findings) else { return nil }
    if let problem = Pattern.problem(in: text.raw) {
      findings.error(
        text.position, "The pattern of \(what) cannot be read: \(problem).",
        "Use letters, classes like [a-z0-9_-], groups, and the signs * + ? | {m,n}.")
    }
    return Pattern(text.raw)
  }
}
