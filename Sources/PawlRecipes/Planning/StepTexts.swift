import PawlModel

/// A step with every name put in place, still in the recipe's own terms: what the rules for risks
/// and backups look at a second time.
enum StepTexts {
  static func expanded(_ step: RecipeStep, _ values: Values) throws(PawlError) -> RecipeStep {
    var copy = step
    copy.action = try action(step.action, values)
    if let check = step.check { copy.check = try texts(check, values) }
    if let undo = step.undo { copy.undo = try texts(undo, values) }
    copy.backups = try texts(step.backups + step.generated, values)
    return copy
  }

  private static func action(
    _ action: RecipeAction, _ values: Values
  ) throws(PawlError) -> RecipeAction {
    switch action {
    case .command(let argv): .command(try texts(argv, values))
    case .build(let directory, let argv, let targets):
      .build(directory: directory, argv: try texts(argv, values), targets: targets)
    case .writeFile(let path, let content, let mode):
      .writeFile(path: try text(path, values), content: content, mode: mode)
    case .appendLine(let path, let line): .appendLine(path: try text(path, values), line: line)
    case .removeFile(let path): .removeFile(path: try text(path, values))
    case .copyFile(let from, let to, let mode):
      .copyFile(from: from, to: try text(to, values), mode: mode)
    case .copyTree(let from, let to): .copyTree(from: from, to: try text(to, values))
    case .kernelConfig, .restart: action
    }
  }

  private static func text(_ text: Text, _ values: Values) throws(PawlError) -> Text {
    Text(try values.expand(text), at: text.position)
  }

  private static func texts(_ texts: [Text], _ values: Values) throws(PawlError) -> [Text] {
    let position = texts.first?.position ?? .start
    return try values.expand(texts).map { Text($0, at: position) }
  }
}
