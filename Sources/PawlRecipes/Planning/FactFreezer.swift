import PawlModel

/// Freezes what each step relies on: files as they stand now, or as an earlier step leaves them,
/// and the earlier steps whose products it uses.
struct FactFreezer {
  let facts: PlanningFacts
  /// The step that touched a path last.
  private var touched: [String: StepID] = [:]
  private var outputs: [(path: String, step: StepID)] = []
  /// Where a tree was copied to: what is there later came with it, or was there before it.
  private var copied: [(path: String, step: StepID)] = []
  private var order: [StepID] = []

  init(facts: PlanningFacts) { self.facts = facts }

  mutating func freeze(_ planned: PlannedStep) throws(PawlError) -> FrozenStep {
    var step = planned.frozen
    // What others make anew at any time is nothing to rely on.
    let generated = Set(step.generated ?? [])
    for path in step.pathsToBackUp where !generated.contains(path) {
      step.facts.append(Fact(path: path, expectation: try before(path, step)))
    }
    for path in sources(planned) where !step.facts.contains(where: { $0.path == path }) {
      guard let expectation = try source(path, planned) else { continue }
      step.facts.append(Fact(path: path, expectation: expectation))
    }
    step.uses = uses(planned, facts: step.facts)
    for path in step.pathsToBackUp where !generated.contains(path) { touched[path] = step.id }
    for path in step.outputs { outputs.append((path, step.id)) }
    if case .copyTree(_, let to) = step.action { copied.append((to, step.id)) }
    order.append(step.id)
    return step
  }

  /// A file that the step will change.
  private func before(_ path: String, _ step: FrozenStep) throws(PawlError) -> Fact.Expectation {
    if let earlier = maker(of: path) { return .leftBy(earlier) }
    switch try facts.state(path) {
    case .absent: return .absent
    case .file(_, let digest, _): return .digest(digest)
    case .other(let kind):
      throw PawlError(
        .refused, "The step \"\(step.id)\" would change \(path), which is a \(kind), not a file.",
        hint: "Pawl replaces plain files only. Look at it: ls -l \(path)")
    }
  }

  private func sources(_ planned: PlannedStep) -> [String] {
    guard case .copyFile(let from, _, _) = planned.frozen.action else { return planned.reads }
    return [from] + planned.reads
  }

  /// A file that the step reads; nil for a folder, which has no digest of its own.
  private func source(
    _ path: String, _ planned: PlannedStep
  ) throws(PawlError) -> Fact.Expectation? {
    if let earlier = maker(of: path) { return .leftBy(earlier) }
    switch try facts.state(path) {
    case .file(_, let digest, _): return .digest(digest)
    case .absent:
      throw PawlError(
        .noInput, "The step \"\(planned.frozen.id)\" reads \(path), which is not there.",
        hint: "Check the path: ls -l \(path)")
    case .other(let kind):
      guard planned.reads.contains(path) else {
        throw PawlError(
          .noInput, "The step \"\(planned.frozen.id)\" copies \(path), which is a \(kind).",
          hint: "Name the file itself.")
      }
      return nil
    }
  }

  private func maker(of path: String) -> StepID? {
    touched[path] ?? (outputs + copied).last { SystemPaths.covers($0.path, path) }?.step
  }

  private func uses(_ planned: PlannedStep, facts frozen: [Fact]) -> [StepID] {
    var found = Set(planned.uses)
    for fact in frozen {
      if case .leftBy(let step) = fact.expectation { found.insert(step) }
    }
    for path in readPaths(planned) {
      for output in outputs where reaches(path, output.path) { found.insert(output.step) }
    }
    return order.filter { found.contains($0) }
  }

  /// A path reaches a product that it names, lies in, or holds; `/` and the root hold everything
  /// and so say nothing.
  private func reaches(_ path: String, _ product: String) -> Bool {
    if SystemPaths.covers(product, path) { return true }
    return path != "/" && path != facts.root && SystemPaths.covers(path, product)
  }

  private func readPaths(_ planned: PlannedStep) -> [String] {
    switch planned.frozen.action {
    case .copyFile(let from, _, _), .copyTree(let from, _): [from] + planned.reads
    case .command(let command): paths(in: command) + planned.reads
    case .build(let directory, let command): [directory] + paths(in: command) + planned.reads
    case .kernelConfig(let source, let build, _, _): [source, build] + planned.reads
    case .writeFile, .appendLine, .removeFile, .restart: planned.reads
    }
  }

  /// Absolute paths among the arguments, also behind an `=`.
  private func paths(in command: Command) -> [String] {
    command.argv.compactMap { argument in
      if argument.hasPrefix("/") { return argument }
      guard let equals = argument.firstIndex(of: "=") else { return nil }
      let value = argument[argument.index(after: equals)...]
      return value.hasPrefix("/") ? String(value) : nil
    }
  }
}
