import PawlModel

/// Whom a step runs as. A step that does not need root does not get it.
struct RunsAs {
  let facts: PlanningFacts

  func identity(for step: RecipeStep, action: Action) throws(PawlError) -> Identity {
    guard step.needsRoot else { return try unprivileged(step, action) }
    if let root = facts.rootIdentity { return root }
    guard !facts.isLive else {
      throw PawlError(
        .notAllowed, "The step \"\(step.id)\" needs root, and \(facts.asker.name) is not root.",
        hint: "Make the plan as root: sudo pawl plan …")
    }
    guard staysBelowRoot(action) else {
      throw PawlError(
        .notAllowed,
        "The step \"\(step.id)\" needs root: it acts on this host, not below \(facts.root).",
        hint: hint(for: action))
    }
    guard facts.rootIsWritable else {
      throw PawlError(
        .notAllowed, "\(facts.asker.name) may not write below \(facts.root).",
        hint: "Make the plan as root, or with a --root of your own.")
    }
    return facts.asker
  }

  private func unprivileged(_ step: RecipeStep, _ action: Action) throws(PawlError) -> Identity {
    guard facts.asker.isRoot else { return facts.asker }
    if let build = facts.buildIdentity { return build }
    switch action {
    case .build, .kernelConfig:
      throw PawlError(
        .refused, "The step \"\(step.id)\" runs make, and nobody but root is there to run it.",
        hint: "Ask for the plan with sudo from a user's login: the build runs as that user.")
    case .command, .writeFile, .appendLine, .removeFile, .copyFile, .copyTree, .restart:
      return facts.asker
    }
  }

  /// File actions below the root, and commands that were given it.
  private func staysBelowRoot(_ action: Action) -> Bool {
    switch action {
    case .command(let command), .build(_, let command):
      command.argv.dropFirst().contains { $0.range(of: facts.root) != nil }
    case .copyTree(_, let to): SystemPaths.covers(facts.root, to)
    case .writeFile, .appendLine, .removeFile, .copyFile, .kernelConfig:
      action.editedPaths.allSatisfy { SystemPaths.covers(facts.root, $0) }
    case .restart: true
    }
  }

  private func hint(for action: Action) -> String {
    guard case .command(let command) = action else { return "Make the plan as root." }
    return "Run it first: sudo \(command.argv.joined(separator: " "))"
  }
}
