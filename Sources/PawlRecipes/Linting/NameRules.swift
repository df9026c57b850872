/// Every `{{name}}` is a parameter or a fact, and a list stands only where lists may.
struct NameRules {
  private let known: Set<String>
  private let lists: Set<String>

  init(_ recipe: Recipe) {
    let parameters = recipe.parameters.map(\.name)
    known = Set(
      parameters + parameters.map { $0 + "_underscored" } + FactName.all.map(\.name))
    lists = Set(FactName.all.filter(\.isList).map(\.name)).subtracting(parameters)
  }

  func check(_ recipe: Recipe, _ findings: inout Findings) {
    for parameter in recipe.parameters {
      if let standard = parameter.standard { check(standard, &findings) }
      if FactName.general.contains(where: { $0.name == parameter.name }) {
        findings.error(
          parameter.standard?.position ?? .start,
          "\"\(parameter.name)\" is a fact that Pawl gives; a parameter cannot replace it.",
          "Give the parameter another name.")
      }
    }
    check([recipe.summary, recipe.rollback] + recipe.subject.modules, &findings)
    check([recipe.subject.options, recipe.subject.kernel].compactMap { $0 }, &findings)
    for step in recipe.steps { check(step, &findings) }
  }

  private func check(_ step: RecipeStep, _ findings: inout Findings) {
    check([step.label] + [step.directory].compactMap { $0 }, &findings)
    check(step.environment.keys.sorted().compactMap { step.environment[$0] }, &findings)
    let paths = step.backups + step.generated + step.outputs + step.reads
    for list in [step.check ?? [], step.undo ?? [], paths] {
      check(list, mayBeList: true, &findings)
    }
    for path in paths + [step.directory].compactMap({ $0 }) {
      if path.onlyName == nil { PathRules.check(path, &findings) }
    }
    for condition in step.conditions { checkName(condition, &findings) }
    switch step.action {
    case .command(let argv): check(argv, mayBeList: true, &findings)
    case .writeFile(let path, let content, _): check([path, content], &findings)
    case .appendLine(let path, let line): check([path, line], &findings)
    case .removeFile(let path): check(path, &findings)
    case .copyFile(let from, let to, _), .copyTree(let from, let to): check([from, to], &findings)
    case .kernelConfig(let tree, let build, let set):
      check([tree, build], &findings)
      check(
        set.map { setting in
          switch setting {
          case .option(_, let value): value
          case .assignments(let text): text
          }
        }, &findings)
    case .build(let directory, let argv, let targets):
      check(directory, &findings)
      check(argv + targets, mayBeList: true, &findings)
    case .restart(_, let message, let trial):
      check(message, &findings)
      if let trial {
        check([trial.deadline, trial.settle, trial.confirm] + trial.modules, &findings)
      }
      for argv in trial?.checks ?? [] { check(argv, mayBeList: true, &findings) }
    }
  }

  private func checkName(_ condition: RecipeCondition, _ findings: inout Findings) {
    guard !known.contains(condition.name.raw) else { return }
    report(condition.name.raw, condition.name.position, &findings)
  }

  private func check(_ texts: [Text], mayBeList: Bool = false, _ findings: inout Findings) {
    for text in texts { check(text, mayBeList: mayBeList, &findings) }
  }

  private func check(_ text: Text, mayBeList: Bool = false, _ findings: inout Findings) {
    guard text.hasNames else { return }
    guard text.pieces != nil else {
      findings.error(
        text.position, "A `{{` is not followed by a name and `}}`.",
        "Write {{name}}, with a name of lower-case letters, digits and `_`.")
      return
    }
    for name in text.names {
      if !known.contains(name) {
        report(name, text.position, &findings)
      } else if lists.contains(name), !mayBeList || text.onlyName == nil {
        findings.error(
          text.position, "{{\(name)}} is a list, and stands for whole arguments only.",
          "Make it an argument of its own.")
      }
    }
  }

  private func report(_ name: String, _ position: Position, _ findings: inout Findings) {
    guard !findings.isFull else { return }
    let near = Spelling.nearest(to: name, among: known.sorted())
    findings.error(
      position, "{{\(name)}} is neither a parameter of this recipe nor a fact.",
      near.map { "Write {{\($0)}}." } ?? "Add it to `parameters:`.")
  }
}
