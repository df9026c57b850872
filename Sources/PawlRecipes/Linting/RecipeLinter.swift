import PawlModel

/// Everything that is wrong with a recipe, in one look.
public enum RecipeLinter {
  /// All findings, in the order of the file. A recipe with an error is refused everywhere.
  public static func lint(bytes: [UInt8], fileName: String) -> [Finding] {
    examine(bytes: bytes, fileName: fileName).findings
  }

  /// The recipe is nil exactly where a finding is an error. Total, whatever the bytes.
  public static func examine(
    bytes: [UInt8], fileName: String
  ) -> (recipe: Recipe?, findings: [Finding]) {
    var findings = Findings(file: fileName)
    guard let tree = TreeReader.read(bytes, &findings),
      let recipe = RecipeReader.read(tree, &findings)
    else { return (nil, findings.sorted) }
    NameRules(recipe).check(recipe, &findings)
    for step in recipe.steps {
      CommandRules.check(step, &findings)
      warnAboutRisk(step, &findings)
    }
    return (findings.hasErrors ? nil : recipe, findings.sorted)
  }

  private static func warnAboutRisk(_ step: RecipeStep, _ findings: inout Findings) {
    guard let risk = step.risk, let floor = RiskFloors.floor(of: step), risk < floor.risk else {
      return
    }
    findings.warning(
      step.riskPosition,
      "The risk \(risk.rawValue) is raised to \(floor.risk.rawValue): \(floor.reason) is never"
        + " below it.",
      "Write `risk: \(floor.risk.rawValue)`.")
  }
}
