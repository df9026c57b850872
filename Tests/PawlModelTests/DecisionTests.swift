import Testing

@testable import PawlModel

@Suite("What comes next is decided from the journal and what was seen, never from hope")
struct DecisionTests {
  private let before = Stamp(wallMillis: 1, bootID: "boot-1", bootMillis: 1)
  private let seen = Observations(bootID: "boot-1")

  private func step(
    _ id: StepID = "a", risk: Risk = .medium, policy: InterruptedPolicy = .ask,
    effects: Effects = .durable, check: Bool = false
  ) -> FrozenStep {
    FrozenStep(
      id: id, label: id.name, action: .command(Command(argv: ["act"])), risk: risk, runsAs: .root,
      check: check ? Command(argv: ["check"]) : nil, effects: effects, interrupted: policy)
  }

  private func plan(_ steps: FrozenStep...) throws -> PlanRecord {
    try PlanRecord(
      id: PlanID(1),
      frozen: FrozenPlan(
        recipe: "r", summary: "", rollback: "", hostName: "h", asker: .root, steps: steps),
      at: before, sequence: 1)
  }

  /// The plan with its first step taken through these events, running.
  private func running(_ step: FrozenStep, _ events: StepEvent...) throws -> PlanRecord {
    var record = try plan(step)
    var entries = [Entry(plan: record.id, .plan(PlanChange(.run)))]
    for event in events {
      let approval =
        event == .approve ? Approval(digest: record.steps[0].digest, given: "digest") : nil
      entries.append(
        Entry(plan: record.id, step: step.id, .step(StepChange(event, approval: approval))))
    }
    record = try record.applying(entries, at: before)
    return record
  }

  private func wait(_ move: NextMove) -> WaitReason? {
    guard case .recordPlan(let change) = move, case .wait(let reason) = change.event else {
      return nil
    }
    return reason
  }

  private func event(_ move: NextMove) -> StepEvent? {
    guard case .recordStep(_, let change) = move else { return nil }
    return change.event
  }

  @Test(
    "what a person may have done at the console is looked for once after a boot, by Pawl's own looks only",
    arguments: [
      (["pawl", "internal", "look"], Effects.none, InterruptedPolicy.retry, true),
      (["pawl", "internal", "look"], .durable, .retry, false),
      (["pawl", "internal", "look"], .none, .ask, false),
      (["look", "at", "it"], .none, .retry, false),
    ])
  func looksAgainAfterBoot(
    argv: [String], effects: Effects, policy: InterruptedPolicy, isLookedFor: Bool
  ) throws {
    var frozen = step(policy: policy, effects: effects)
    frozen.action = .command(Command(argv: argv))
    let record = try running(frozen, .approve, .start, .interrupt).applying(
      [Entry(plan: PlanID(1), .plan(PlanChange(.wait(.person))))], at: before)
    #expect(Decision.next(record, seen) == .stop)
    let move = Decision.next(record, Observations(bootID: "boot-2"))
    #expect((move == .recordPlan(PlanChange(.run))) == isLookedFor)
  }

  @Test("a step without approval is waited for, whatever else is known")
  func unapprovedWaits() throws {
    #expect(wait(Decision.next(try running(step()), seen)) == .approval)
  }

  @Test(
    "before a step starts: the host, its facts, its check and its space are looked at, in order")
  func looksBeforeStarting() throws {
    let plan = try running(step(check: true), .approve)
    var seen = seen
    #expect(Decision.next(plan, seen) == .look(.host))
    seen.host = .good
    #expect(Decision.next(plan, seen) == .look(.facts("a")))
    seen.facts["a"] = .hold
    #expect(Decision.next(plan, seen) == .look(.check("a")))
    seen.checks["a"] = .notDone
    #expect(Decision.next(plan, seen) == .look(.resources("a")))
    seen.resources["a"] = .good
    #expect(Decision.next(plan, seen) == .perform("a"))
  }

  @Test("what is done already is skipped, and a changed fact takes the approval away")
  func skipsAndRevokes() throws {
    let plan = try running(step(check: true), .approve)
    var seen = seen
    seen.host = .good
    seen.facts["a"] = .changed([], why: "somebody edited it")
    #expect(event(Decision.next(plan, seen)) == .revoke)
    seen.facts["a"] = .hold
    seen.checks["a"] = .done
    #expect(event(Decision.next(plan, seen)) == .skip)
  }

  @Test("a cloned machine or another mount stops the plan for a person")
  func otherHostStops() throws {
    var seen = seen
    seen.host = .bad("another machine id")
    #expect(wait(Decision.next(try running(step(), .approve), seen)) == .person)
  }

  @Test("a step in flight is interrupted only once nobody performs it any more")
  func inFlightBecomesInterrupted() throws {
    let plan = try running(step(), .approve, .start)
    var seen = seen
    #expect(Decision.next(plan, seen) == .look(.survivors("a")))
    seen.survivors["a"] = .alive
    #expect(Decision.next(plan, seen) == .endSurvivors("a", kill: false))
    seen.survivors["a"] = SurvivorVerdict.none
    #expect(event(Decision.next(plan, seen)) == .interrupt)
    #expect(event(Decision.next(plan, Observations(bootID: "boot-2"))) == .interrupt)
  }

  @Test("only what may be repeated has its survivors killed")
  func survivorsOfRepeatableStepsAreKilled() throws {
    let plan = try running(step(policy: .retry), .approve, .start)
    var seen = seen
    seen.survivors["a"] = .alive
    #expect(Decision.next(plan, seen) == .endSurvivors("a", kill: true))
  }

  @Test("interrupted and not repeatable: a person is asked, nothing is repeated")
  func askIsAsked() throws {
    let plan = try running(step(policy: .ask), .approve, .start, .interrupt)
    #expect(wait(Decision.next(plan, seen)) == .person)
  }

  @Test("interrupted with a check: done only where proven done, else the approval is asked again")
  func checkDecides() throws {
    let plan = try running(step(policy: .check, check: true), .approve, .start, .interrupt)
    var seen = seen
    #expect(Decision.next(plan, seen) == .look(.check("a")))
    seen.checks["a"] = .done
    #expect(event(Decision.next(plan, seen)) == .prove)
    seen.checks["a"] = .notDone
    #expect(wait(Decision.next(plan, seen)) == .approval)
    seen.checks["a"] = .unclear("it hangs")
    #expect(wait(Decision.next(plan, seen)) == .person)
  }

  @Test(
    "a volatile success is checked again under a new boot id, and done again only if repeatable")
  func volatileSuccessAges() throws {
    let low = step(risk: .low, effects: .volatile)
    let plan = try running(low, .approve, .start, .succeed)
    var later = Observations(bootID: "boot-2")
    #expect(event(Decision.next(plan, later)) == .goStale)
    let stale = try running(low, .approve, .start, .succeed, .goStale)
    later.host = .good
    later.facts["a"] = .hold
    later.resources["a"] = .good
    #expect(Decision.next(stale, later) == .perform("a"))
    let medium = try running(
      step(effects: .volatile), .approve, .start, .succeed, .goStale)
    #expect(wait(Decision.next(medium, later)) == .approval)
  }

  @Test("a volatile step that was skipped is looked at again under a new boot id")
  func volatileSkipAges() throws {
    let plan = try running(
      step(risk: .low, effects: .volatile, check: true), .approve, .skip)
    var later = Observations(bootID: "boot-2")
    #expect(event(Decision.next(plan, later)) == .goStale)
    let stale = try running(
      step(risk: .low, effects: .volatile, check: true), .approve, .skip, .goStale)
    later.checks["a"] = .done
    #expect(event(Decision.next(stale, later)) == .skip)
  }

  @Test("what an attempt began and its check finds done is proven, not skipped, and undone")
  func ownWorkIsProven() throws {
    let plan = try running(step(check: true), .approve, .start, .fail, .approve)
    var seen = seen
    seen.host = .good
    seen.facts["a"] = .hold
    seen.checks["a"] = .done
    #expect(event(Decision.next(plan, seen)) == .prove)
  }

  @Test("a rollback takes back a failed attempt that was approved once more")
  func rollbackOfApprovedAnew() throws {
    var plan = try running(step(), .approve, .start, .fail, .approve)
    for body in [EventBody.plan(PlanChange(.wait(.person))), .plan(PlanChange(.beginRollback))] {
      plan = try plan.applying([Entry(plan: plan.id, body)], at: plan.updated)
    }
    #expect(Decision.next(plan, seen) == .undo("a", again: false))
  }

  @Test("a durable success stays a success under a new boot id")
  func durableSuccessStays() throws {
    let plan = try running(step(), .approve, .start, .succeed)
    #expect(
      Decision.next(plan, Observations(bootID: "boot-2")) == .recordPlan(PlanChange(.succeed)))
  }

  @Test("a build goes on by itself after a kill and after a power cut")
  func buildsGoOn() throws {
    let build = FrozenStep(
      id: "a", label: "Build", action: .build(directory: "/o", command: Command(argv: ["make"])),
      risk: .high, runsAs: .root, interrupted: .retry)
    let plan = try running(build, .approve, .start, .interrupt)
    #expect(Decision.next(plan, seen) == .look(.host))
    #expect(Decision.next(plan, Observations(bootID: "boot-2")) == .look(.host))
  }

  @Test("a rollback takes the last step first and stops at the first undo that fails")
  func rollbackOrder() throws {
    var plan = try plan(step("a"), step("b"))
    var entries = [Entry(plan: plan.id, .plan(PlanChange(.run)))]
    for (id, digest) in [("a", plan.steps[0].digest), ("b", plan.steps[1].digest)] {
      let approval = Approval(digest: digest, given: "digest")
      for change in [
        StepChange(.approve, approval: approval), StepChange(.start), StepChange(.succeed),
      ] {
        entries.append(Entry(plan: plan.id, step: StepID(id), .step(change)))
      }
    }
    entries.append(Entry(plan: plan.id, .plan(PlanChange(.succeed))))
    entries.append(Entry(plan: plan.id, .plan(PlanChange(.beginRollback))))
    plan = try plan.applying(entries, at: before)
    #expect(Decision.next(plan, seen) == .undo("b", again: false))
    plan = try plan.applying(
      [
        Entry(plan: plan.id, step: "b", .step(StepChange(.beginUndo))),
        Entry(plan: plan.id, step: "b", .step(StepChange(.failUndo, why: "newer edits"))),
      ], at: before)
    #expect(
      Decision.next(plan, seen) == .recordPlan(PlanChange(.failRollback, why: "newer edits")))
  }

  /// The stage of a kernel may be on a stick that is pulled, or in a folder that a boot empties.
  @Test("what a step made is not missed under a new boot once all that use it are done")
  func productsThatWereUsed() throws {
    var user = step("b")
    user.uses = ["a"]
    let fresh = try plan(step("a"), user, step("c"))
    let approve = { (id: String) in
      Entry(
        plan: fresh.id, step: StepID(id),
        .step(
          StepChange(
            .approve,
            approval: Approval(digest: fresh.step(StepID(id))?.digest ?? .zero, given: "digest"))))
    }
    let change = { (id: String, change: StepChange) in
      Entry(plan: fresh.id, step: StepID(id), .step(change))
    }
    let made = StepChange(.succeed, products: [Manifest(root: "/stage", entries: [])])
    let begun = try fresh.applying(
      [
        Entry(plan: fresh.id, .plan(PlanChange(.run))), approve("a"), approve("b"), approve("c"),
        change("a", StepChange(.start)), change("a", made),
      ], at: before)
    let later = Observations(bootID: "boot-2")
    #expect(Decision.next(begun, later) == .look(.products("a")))
    let used = try begun.applying(
      [change("b", StepChange(.start)), change("b", StepChange(.succeed))], at: before)
    #expect(Decision.next(used, later) == .look(.host))
    let failed = try begun.applying(
      [change("b", StepChange(.start)), change("b", StepChange(.fail))], at: before)
    guard case .recordPlan(let settled) = Decision.next(failed, later) else {
      Issue.record("a failure waits for what only going on would need")
      return
    }
    #expect(settled.event == .fail)
  }

  @Test("a settled plan is left alone")
  func settledPlansStop() throws {
    var plan = try running(step(), .approve, .start, .succeed)
    plan = try plan.applying([Entry(plan: plan.id, .plan(PlanChange(.succeed)))], at: before)
    #expect(Decision.next(plan, seen) == .stop)
  }
}
