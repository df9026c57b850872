import PawlEngine
import PawlHost
import PawlModel
import Testing

@testable import PawlSimulator

@Suite("A kernel is tried only where somebody will look after it")
struct HookMissingTests {
  private let world: World
  private let journal: SimulatedJournal
  private let plan: PlanID

  init() throws {
    var builder = PlanBuilder()
    builder.add(
      FrozenStep(
        id: "restart", label: "Restart",
        action: .restart(
          kind: .system, message: "Try it.", expectedRelease: Scenario.newRelease,
          trial: TrialTerms(token: "t", deadlineSeconds: 300, settleSeconds: 30)),
        risk: .medium, runsAs: .root, interrupted: .retry))
    world = World(scenario: builder.scenario("hook"), schedule: Schedule(), seed: 0)
    world.watchers = []
    journal = SimulatedJournal(world: world)
    plan = try journal.createPlan(world.scenario.plan, by: .person, at: world.stamp)
    let digest = try #require(try journal.plan(plan)?.step("restart")).digest
    let approval = StepChange(.approve, approval: Approval(digest: digest, given: "digest"))
    try journal.append(
      [Entry(plan: plan, step: "restart", .step(approval))], by: .person, at: world.stamp)
  }

  private func run(hookFault: String?) throws -> PlanRecord {
    var context = RunnerContext(
      journal: journal, host: SimulatedHost(world: world), actor: .runner,
      spoolFolder: "/var/lib/pawl/spool")
    context.hookFault = { hookFault }
    return try Runner(plan: plan, context: context).run()
  }

  @Test(
    "without the boot hook a trial waits, its approval kept, and goes on once the hook is there")
  func waitsForHook() throws {
    let waiting = try run(hookFault: "The boot hook is not in place.")
    #expect(waiting.state == .waiting(.resources))
    #expect(waiting.why?.contains("boot hook") == true)
    #expect(waiting.step("restart")?.state == .approved)
    #expect(world.oneShot == nil)
    let going = try run(hookFault: nil)
    #expect(going.state == .waiting(.reboot))
    #expect(world.oneShot == PawlEntries.trialID)
  }
}
