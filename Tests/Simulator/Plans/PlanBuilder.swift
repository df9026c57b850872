import PawlModel

/// Puts steps together into a scenario: freezes each step's facts as a planner would, and keeps
/// the models of the programs beside it.
struct PlanBuilder {
  private(set) var steps: [FrozenStep] = []
  private(set) var programs: [[String]: ProgramModel] = [:]
  private(set) var files: [String: SimulatedDisk.Node]
  /// Which step changes a path last, so far.
  private var lastChanger: [String: StepID] = [:]

  init(files: [String: SimulatedDisk.Node] = [:]) {
    self.files = files
    self.files[Scenario.fallback] = Scenario.file("the kernel known to boot")
  }

  var nextID: StepID { StepID("s\(steps.count + 1)") }

  mutating func addFile(_ path: String, _ text: String, mode: UInt32 = 0o644, uid: UInt32 = 0) {
    files[path] = Scenario.file(text, mode: mode, uid: uid)
  }

  /// Files that others too make anew at any time, and how.
  private(set) var generators: [String: Generator] = [:]
  private var hasMenu = false

  mutating func addGenerated(_ path: String, by generator: Generator) {
    generators[path] = generator
  }

  /// A boot menu, made once all files are known.
  mutating func addMenu() { hasMenu = true }

  mutating func addProgram(_ argv: [String], _ model: ProgramModel) { programs[argv] = model }

  /// Facts are frozen for every path that the step edits or reads.
  mutating func add(_ step: FrozenStep, factsFor extra: [String] = [], freezes: Bool = true) {
    var step = step
    if freezes {
      let generated = Set(step.generated ?? [])
      let paths = step.pathsToBackUp.filter { !generated.contains($0) } + extra
      step.facts = paths.map { Fact(path: $0, expectation: expectation(at: $0)) }
    }
    for path in step.pathsToBackUp { lastChanger[path] = step.id }
    steps.append(step)
  }

  private func expectation(at path: String) -> Fact.Expectation {
    if let earlier = lastChanger[path] { return .leftBy(earlier) }
    return files[path].map { .digest($0.digest) } ?? .absent
  }

  func scenario(_ name: String, person: Temper = Temper()) -> Scenario {
    var scenario = Scenario(
      name: name, plan: Scenario.plan(name, steps: steps), files: files, programs: programs,
      person: person)
    scenario.generators = generators
    if hasMenu { scenario.addMenu() }
    return scenario
  }
}
