import PawlModel

/// One step of a recipe to one frozen step, all but its facts about files.
struct StepPlanner {
  let step: RecipeStep
  let values: Values
  let facts: PlanningFacts
  let newRelease: String?

  func plan() throws(PawlError) -> PlannedStep {
    let action = try action()
    let identity = try RunsAs(facts: facts).identity(for: step, action: action)
    let seen = try StepTexts.expanded(step, values.insideRoot)
    try refuseHiddenChange(seen)
    var frozen = FrozenStep(
      id: step.id, label: try values.expand(step.label), action: action, risk: risk(seen),
      needsRoot: step.needsRoot, runsAs: identity)
    frozen.check = try command(step.check)
    frozen.undo = try command(step.undo)
    frozen.timeoutSeconds = step.timeoutSeconds ?? standardTimeout
    frozen.effects = step.effects ?? .durable
    frozen.interrupted = step.interrupted ?? standardPolicy(action)
    frozen.backups = try values.paths(step.backups)
    if !step.generated.isEmpty { frozen.generated = try values.paths(step.generated) }
    frozen.outputs = try values.paths(step.outputs)
    try refuseOutsideRoot(frozen)
    return PlannedStep(
      frozen: frozen, reads: try values.paths(step.reads), uses: step.uses.map { StepID($0.raw) })
  }

  private func action() throws(PawlError) -> Action {
    switch step.action {
    case .command(let argv): .command(try command(argv))
    case .writeFile(let path, let content, let mode):
      .writeFile(path: try values.path(path), content: try values.expand(content), mode: mode)
    case .appendLine(let path, let line):
      .appendLine(path: try values.path(path), line: try values.expand(line))
    case .removeFile(let path): .removeFile(path: try values.path(path))
    case .copyFile(let from, let to, let mode):
      .copyFile(from: try values.path(from), to: try values.path(to), mode: mode)
    case .copyTree(let from, let to):
      .copyTree(from: try values.path(from), to: try values.path(to))
    case .kernelConfig(let tree, let build, let set):
      try kernelConfig(try values.path(tree), try values.path(build), set)
    case .build(let directory, let argv, let targets):
      try build(try values.path(directory), argv + targets)
    case .restart(let kind, let message, let trial):
      .restart(
        kind: kind, message: try values.expand(message),
        expectedRelease: kind == .system || trial != nil ? newRelease : nil,
        trial: try terms(trial))
    }
  }

  /// Only a kernel that the plan installs, on the system that runs, can be tried.
  private func terms(_ trial: RecipeTrial?) throws(PawlError) -> TrialTerms? {
    guard let trial, facts.isLive, newRelease != nil else { return nil }
    var terms = try TrialPlanner(step: step.id, trial: trial, values: values).terms()
    for check in trial.checks { terms.checks.append(try command(check)) }
    return terms
  }

  private func kernelConfig(
    _ tree: String, _ build: String, _ settings: [ConfigSetting]
  ) throws(PawlError) -> Action {
    var make = try command([Text("make"), Text("-C")])
    make.argv += [tree, "O=\(build)", "olddefconfig"]
    make.directory = build
    return .kernelConfig(
      source: tree, build: build, set: try ConfigValues.merged(settings, values), make: make)
  }

  private func build(_ directory: String, _ argv: [Text]) throws(PawlError) -> Action {
    var command = try command(argv)
    command.directory = directory
    return .build(directory: directory, command: command)
  }

  private func command(_ argv: [Text]?) throws(PawlError) -> Command? {
    guard let argv else { return nil }
    return try command(argv)
  }

  private func command(_ argv: [Text]) throws(PawlError) -> Command {
    let expanded = try values.expand(argv)
    guard let program = expanded.first, !program.isEmpty else {
      throw PawlError(
        .refused, "The step \"\(step.id)\" names no program on this host.",
        hint: "Its arguments come from facts that are empty here.")
    }
    var environment: [String: String] = [:]
    for (name, value) in step.environment { environment[name] = try values.expand(value) }
    let directory: String? = if let text = step.directory { try values.path(text) } else { nil }
    return Command(argv: expanded, directory: directory, environment: environment)
  }

  private var standardTimeout: Int {
    if case .build = step.action { return 24 * 3600 }
    return 3600
  }

  /// Invariant 4: what Pawl does itself may be repeated; a check decides; else a person.
  private func standardPolicy(_ action: Action) -> InterruptedPolicy {
    // Until the trial has begun the old kernel is the default: setting it up again is safe.
    if action.isRepeatableByNature || action.trialTerms != nil { return .retry }
    return step.check == nil ? .ask : .check
  }

  /// As tagged, never below the floor of what is written and of what it came to.
  private func risk(_ seen: RecipeStep) -> Risk {
    let floors = [RiskFloors.floor(of: step)?.risk, RiskFloors.floor(of: seen)?.risk]
    let all = floors + [step.risk, facts.raisedRisks[step.id]]
    return all.compactMap { $0 }.max() ?? .high
  }

  /// What a parameter may have put into a command: the linter could not see it.
  private func refuseHiddenChange(_ seen: RecipeStep) throws(PawlError) {
    var findings = Findings(file: "")
    CommandRules.check(seen, &findings)
    let first = findings.sorted.first { $0.severity == .error }
    guard let first else { return }
    throw PawlError(
      .refused, "The step \"\(step.id)\" is not planned: \(first.message)", hint: first.instead)
  }

  private func refuseOutsideRoot(_ frozen: FrozenStep) throws(PawlError) {
    guard !facts.isLive, frozen.needsRoot else { return }
    var paths = frozen.pathsToBackUp
    if case .copyTree(_, let to) = frozen.action { paths.append(to) }
    let outside = paths.first { !SystemPaths.covers(facts.root, $0) }
    guard let outside else { return }
    throw PawlError(
      .refused,
      "The step \"\(step.id)\" would change \(outside), which is not below \(facts.root).",
      hint: "Begin the path with / or with {{root}} in the recipe.")
  }
}

/// A frozen step whose facts about files are still to be frozen.
struct PlannedStep {
  var frozen: FrozenStep
  var reads: [String]
  var uses: [StepID]
}
