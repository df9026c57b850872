import PawlEngine
import PawlHost
import PawlModel
import Testing

@testable import PawlSimulator

/// A plan with one approved build, on a world of its own.
struct SimulatedBuild {
  let world: World
  private let journal: SimulatedJournal
  private let plan: PlanID

  init(in folder: String, files: [String: String] = [:]) throws {
    var builder = PlanBuilder()
    for (path, text) in files { builder.addFile(path, text) }
    builder.add(
      FrozenStep(
        id: "build", label: "Build",
        action: .build(directory: folder, command: Command(argv: ["/usr/bin/make"])),
        risk: .low, runsAs: .root, interrupted: .retry))
    world = World(scenario: builder.scenario("build"), schedule: Schedule(), seed: 0)
    world.watchers = []
    journal = SimulatedJournal(world: world)
    plan = try journal.createPlan(world.scenario.plan, by: .person, at: world.stamp)
    let digest = try #require(try journal.plan(plan)?.step("build")).digest
    let approval = StepChange(.approve, approval: Approval(digest: digest, given: "digest"))
    try journal.append(
      [Entry(plan: plan, step: "build", .step(approval))], by: .person, at: world.stamp)
  }

  /// As a new runner does it.
  func run(on host: any Host) throws -> PlanRecord {
    try Runner(
      plan: plan,
      context: RunnerContext(
        journal: journal, host: host, actor: .runner, spoolFolder: "/var/lib/pawl/spool")
    ).run()
  }
}
