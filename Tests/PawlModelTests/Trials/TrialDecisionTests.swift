import Testing

@testable import PawlModel

@Suite("A new kernel is kept only once it has proved itself; everything else leads back")
struct TrialDecisionTests {
  private let before = Stamp(wallMillis: 1, bootID: "boot-1", bootMillis: 1)
  private let terms = TrialTerms(token: "t1")
  private let armed = ArmedTrial(
    before: BootIdentity(
      bootID: "boot-1", release: "6.1-old", version: "#1", buildID: "old", commandLine: ""),
    expected: KernelIdentity(release: "6.1-new", version: "#1", buildID: "new"),
    trial: entry("pawl-trial"), fallback: entry("pawl-fallback"), files: [:],
    health: HealthState(
      failedUnits: [], mounts: ["/"], rootIsWritable: true, defaultRoutes: [], modules: [],
      wantedModules: [], dkmsModules: nil, taint: 0))

  private static func entry(_ id: String) -> BootEntry {
    BootEntry(id: id, title: id, image: "/boot/\(id)", initrds: [], commandLine: "")
  }

  /// Armed and waiting for the restart, or on trial.
  private func plan(
    _ terms: TrialTerms? = nil, state: WaitReason = .reboot, and more: [EventBody] = []
  ) throws -> PlanRecord {
    let restart = FrozenStep(
      id: "restart", label: "Restart",
      action: .restart(
        kind: .system, message: "m", expectedRelease: "6.1-new", trial: terms ?? self.terms),
      risk: .medium, runsAs: .root, interrupted: .retry)
    let fresh = try PlanRecord(
      id: PlanID(1),
      frozen: FrozenPlan(
        recipe: "r", summary: "", rollback: "", hostName: "h", asker: .root, steps: [restart]),
      at: before, sequence: 1)
    let approval = Approval(digest: fresh.steps[0].digest, given: "digest")
    let bodies: [EventBody] =
      [
        .plan(PlanChange(.run)), .step(StepChange(.approve, approval: approval)),
        .step(StepChange(.start)), .trial(.armed(armed)), .trial(.oneShotSet(entry: "pawl-trial")),
        .plan(PlanChange(.wait(state))),
      ] + more
    return try fresh.applying(
      bodies.map { Entry(plan: fresh.id, step: "restart", $0) }, at: before)
  }

  private func seen(
    _ reboot: RebootVerdict? = nil, _ health: HealthVerdict? = nil
  ) -> Observations {
    var seen = Observations(bootID: "boot-2")
    if let reboot { seen.reboots["restart"] = reboot }
    if let health { seen.health["restart"] = health }
    return seen
  }

  private func isRun(_ move: NextMove) -> Bool { move == .recordPlan(PlanChange(.run)) }

  @Test("after the restart the boot is looked at before anything else")
  func looksAtTheBoot() throws {
    #expect(Decision.next(try plan(), seen()) == .look(.reboot("restart")))
    #expect(Decision.next(try plan(state: .trial), seen()) == .look(.reboot("restart")))
  }

  @Test("in the boot it was asked for in, the plan only waits")
  func waitsForTheRestart() throws {
    #expect(Decision.next(try plan(), seen(.sameBoot)) == .stop)
  }

  @Test("the right kernel is not enough: it is on trial until it is well")
  func staysOnTrial() throws {
    let running = try plan(and: [.plan(PlanChange(.run))])
    #expect(Decision.next(running, seen(.proven)) == .look(.health("restart")))
    guard case .recordPlan(let change) = Decision.next(running, seen(.proven, .settling)) else {
      Issue.record("it does not wait")
      return
    }
    #expect(change.event == .wait(.trial))
    #expect(Decision.next(try plan(state: .trial), seen(.proven, .settling)) == .stop)
  }

  @Test("a kernel that is well ends its trial by itself, or waits for the person who wanted a say")
  func endsWell() throws {
    #expect(isRun(Decision.next(try plan(state: .trial), seen(.proven, .good))))
    let running = try plan(and: [.plan(PlanChange(.run))])
    #expect(
      Decision.next(running, seen(.proven, .good)) == .recordStep("restart", StepChange(.succeed)))

    let asking = TrialTerms(token: "t1", asksPerson: true)
    #expect(Decision.next(try plan(asking, state: .trial), seen(.proven, .good)) == .stop)
    let confirmed = try plan(asking, state: .trial, and: [.trial(.judged(.confirmed))])
    #expect(isRun(Decision.next(confirmed, seen(.proven, .good))))
  }

  @Test("a kernel that is rejected or unwell is rolled back without another question")
  func rollsBack() throws {
    let rejected = try plan(state: .trial, and: [.trial(.judged(.rejected))])
    guard case .recordPlan(let change) = Decision.next(rejected, seen()) else {
      Issue.record("it is not rolled back")
      return
    }
    #expect(change.event == .beginRollback)

    let failed = try plan(and: [
      .plan(PlanChange(.run)), .step(StepChange(.fail, why: "The network is down.")),
      .plan(PlanChange(.fail)),
    ])
    guard case .recordPlan(let back) = Decision.next(failed, seen()) else {
      Issue.record("it is not rolled back")
      return
    }
    #expect(back.event == .beginRollback)
    #expect(back.why?.contains("The network is down.") == true)
  }

  @Test("a restart that fails before anything was armed asks a person, and rolls nothing back")
  func failsBeforeArming() throws {
    var record = try plan()
    record.steps[0].trial = nil
    let failed = try record.applying(
      [.plan(PlanChange(.run)), .step(StepChange(.fail)), .plan(PlanChange(.fail))].map {
        Entry(plan: record.id, step: "restart", $0)
      }, at: before)
    #expect(Decision.next(failed, seen()) == .stop)
  }

  @Test("a kernel that was not tried is not tried by the boot hook: only a person restarts again")
  func neverRestartsUnattended() throws {
    let interrupted = try plan(and: [
      .plan(PlanChange(.run)), .step(StepChange(.interrupt, why: "It was not tried.")),
    ])
    var hook = seen()
    hook.isUnattended = true
    guard case .recordPlan(let change) = Decision.next(interrupted, hook) else {
      Issue.record("the hook restarts the host")
      return
    }
    #expect(change.event == .wait(.person))
    #expect(change.why == "It was not tried.")
    #expect(Decision.next(interrupted, seen()) == .look(.host))
  }

  @Test("what nobody foresaw waits for a person, on trial and before it")
  func unclearWaits() throws {
    let running = try plan(and: [.plan(PlanChange(.run))])
    guard case .recordPlan(let change) = Decision.next(running, seen(.unclear("A third kernel.")))
    else {
      Issue.record("it goes on")
      return
    }
    #expect(change.event == .wait(.person))
    #expect(isRun(Decision.next(try plan(state: .trial), seen(.unclear("A third kernel.")))))
  }

  /// A lab cut the power while modules were installed: the hook went on, and restarted into the new
  /// kernel with nobody there.
  @Test(
    "after a power cut nothing of medium risk is begun with nobody there, and never a restart",
    arguments: [
      FrozenStep(
        id: "a", label: "A", action: .command(Command(argv: ["act"])), risk: .medium, runsAs: .root),
      FrozenStep(
        id: "a", label: "A",
        action: .restart(kind: .system, message: "m", expectedRelease: nil), risk: .medium,
        runsAs: .root, interrupted: .retry),
    ])
  func nothingRiskyUnattended(_ step: FrozenStep) throws {
    let fresh = try record([step])
    let approval = Approval(digest: fresh.steps[0].digest, given: "digest")
    let plan = try fresh.applying(
      [
        Entry(plan: fresh.id, .plan(PlanChange(.run))),
        Entry(plan: fresh.id, step: "a", .step(StepChange(.approve, approval: approval))),
      ], at: boot)
    var seen = seen()
    seen.isUnplannedBoot = true
    guard case .recordPlan(let change) = Decision.next(plan, seen) else {
      Issue.record("it is begun")
      return
    }
    #expect(change.event == .wait(.person))
  }

  @Test("nobody judges a kernel that is not on trial")
  func judgesOnlyTrials() throws {
    let fresh = try plan(and: [.plan(PlanChange(.run)), .step(StepChange(.succeed))])
    #expect(throws: PawlError.self) {
      try fresh.applying(
        [Entry(plan: fresh.id, step: "restart", .trial(.judged(.rejected)))], at: before)
    }
  }
}
