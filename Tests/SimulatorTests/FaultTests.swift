import PawlModel
import Testing

@testable import PawlSimulator

/// Faults that the simulator found in the engine, each as the smallest plan that showed it.
@Suite("What was wrong once stays right")
struct FaultTests {
  private func expectClean(
    _ result: Exhaustive.Result, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      result.failures.isEmpty, "\(result.failures.prefix(3).map(\.description))",
      sourceLocation: sourceLocation)
  }

  private func step(
    _ id: StepID, _ action: Action, risk: Risk = .low, check: Bool = false, undo: Bool = false,
    effects: Effects = .durable, policy: InterruptedPolicy = .retry, backups: [String] = []
  ) -> FrozenStep {
    FrozenStep(
      id: id, label: id.name, action: action, risk: risk, runsAs: .root,
      check: check ? Command(argv: ["check", id.name]) : nil,
      undo: undo ? Command(argv: ["undo", id.name]) : nil, effects: effects, interrupted: policy,
      backups: backups)
  }

  private func act(_ id: StepID) -> Action { .command(Command(argv: ["act", id.name])) }

  @Test("a file whose bytes are there already gets its mode, and undo gives the old mode back")
  func modeOfSameBytes() {
    var builder = PlanBuilder()
    builder.addFile("/etc/a", "same\n", mode: 0o600)
    builder.add(step("a", .writeFile(path: "/etc/a", content: "same\n", mode: 0o644)))
    expectClean(Exhaustive(builder.scenario("mode"), rollsBack: true).singleCrashes())
  }

  @Test("what somebody writes at any instant into the files of a plan is never lost")
  func foreignEdits() {
    var builder = PlanBuilder()
    builder.addFile("/etc/a", "old\n")
    builder.addFile("/etc/b", "source\n")
    builder.add(step("a", .writeFile(path: "/etc/a", content: "new\n", mode: 0o644)))
    builder.add(step("b", .appendLine(path: "/etc/a", line: "more")))
    builder.add(
      step("c", .copyFile(from: "/etc/b", to: "/etc/c", mode: nil)), factsFor: ["/etc/b"])
    let plan = Exhaustive(builder.scenario("edits"), rollsBack: true)
    for seed in UInt64(1)...3 {
      expectClean(plan.everywhere(.foreignEdit, seed: seed))
      expectClean(plan.everywhere(.editBeforePublish, seed: seed))
      expectClean(plan.everywhere(.foreignEdit, .crash(.cut(.atRandom)), seed: seed))
    }
  }

  @Test("what an undo program and a proven step wrote is on the disk before it is called done")
  func undoIsSynced() {
    var builder = PlanBuilder()
    builder.addProgram(
      ["act", "a"], ProgramModel(deeds: [.write(path: "/boot/x", bytes: [1], mode: 0o644)]))
    builder.addProgram(["undo", "a"], ProgramModel(deeds: [.remove(path: "/boot/x")]))
    builder.add(step("a", act("a"), check: true, undo: true, policy: .check))
    expectClean(Exhaustive(builder.scenario("sync"), rollsBack: true).singleCrashes())
  }

  @Test("a module that was there already is looked for again after a restart")
  func skippedVolatile() {
    var builder = PlanBuilder()
    builder.addProgram(["act", "a"], ProgramModel(deeds: [.setFlag("a")], failsFirst: 1))
    builder.add(step("a", act("a"), check: true, effects: .volatile))
    builder.add(
      step("b", .restart(kind: .system, message: "Restart.", expectedRelease: nil), policy: .ask))
    var scenario = builder.scenario("skipped")
    for firstBoot in 1...3 {
      scenario.flagsAtBoot = firstBoot == 3 ? [:] : ["a": firstBoot]
      expectClean(Exhaustive(scenario, rollsBack: true).singleCrashes())
    }
  }

  @Test("what a failed attempt left is taken back, also when the step is then found done")
  func failedAttemptIsUndone() {
    var builder = PlanBuilder()
    builder.addFile("/etc/a", "old\n")
    let deeds: [ProgramModel.Deed] = [
      .write(path: "/etc/a", bytes: [7], mode: 0o644), .print(1),
    ]
    builder.addProgram(["act", "a"], ProgramModel(deeds: deeds, failsFirst: 1))
    builder.add(step("a", act("a"), check: true, policy: .ask, backups: ["/etc/a"]))
    expectClean(Exhaustive(builder.scenario("failed"), rollsBack: true).singleCrashes())
  }

  @Test(
    "a second runner in the boot that is being left does not make the rollback fail",
    arguments: [TrialKernel.comesUpUnwell, .works])
  func secondRunnerWhileLeaving(_ kernel: TrialKernel) {
    var builder = PlanBuilder()
    var steps = KernelSteps(objects: 1)
    steps.trial = TrialTerms(
      token: "t", deadlineSeconds: 300, settleSeconds: 30, asksPerson: kernel == .works)
    steps.add(to: &builder)
    var scenario = builder.scenario("leaving")
    scenario.trialKernel = kernel
    var plan = Exhaustive(scenario, rollsBack: true)
    plan.mood { $0.runsBeforeRestart = 60 }
    expectClean(plan.singleCrashes(stride: 9))
  }

  @Test("a half-made configuration is made again, and undo brings back the one before")
  func halfMadeConfiguration() {
    var builder = PlanBuilder()
    KernelSteps(restarts: false, objects: 1).add(to: &builder)
    let plan = Exhaustive(builder.scenario("configuration"), rollsBack: true)
    expectClean(plan.singleCrashes())
    for seed in UInt64(1)...2 { expectClean(plan.everywhere(.foreignEdit, seed: seed)) }
  }
}
