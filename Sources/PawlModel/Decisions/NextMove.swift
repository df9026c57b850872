/// "What now?" for a plan that was loaded from the journal: one pure function of what the journal
/// says and what was seen of the machine. Every runner, after every crash, goes through here.
public enum Decision {
  public static func next(_ plan: PlanRecord, _ seen: Observations) -> NextMove {
    switch plan.state {
    case .planned: planned(plan)
    case .running: running(plan, seen)
    case .waiting(let reason): waiting(plan, reason, seen)
    case .failed: failed(plan)
    case .succeeded: plan.control == .rollback ? beginRollback(plan) : .stop
    case .rollingBack: rollingBack(plan, seen)
    case .rollbackFailed: plan.control == .rollback ? rollBackAgain(plan) : .stop
    case .rolledBack, .abandoned: .stop
    }
  }

  // MARK: - Not running

  private static func planned(_ plan: PlanRecord) -> NextMove {
    switch plan.control {
    case .cancel, .abandon: .recordPlan(PlanChange(.abandon, why: "Cancelled before it began."))
    case .pause: .stop
    case .resume, .rollback, nil: .recordPlan(PlanChange(.run))
    }
  }

  private static func failed(_ plan: PlanRecord) -> NextMove {
    switch plan.control {
    case .rollback: return beginRollback(plan)
    case .abandon:
      return .recordPlan(PlanChange(.abandon, why: "Left as it was after the failure."))
    case .cancel, .pause: return .stop
    case .resume, nil:
      if let trial = plan.failedTrial { return TrialDecision.rollBack(trial) }
      let retryApproved = !plan.steps.contains { $0.state == .failed }
      return retryApproved ? .recordPlan(PlanChange(.run)) : .stop
    }
  }

  private static func waiting(
    _ plan: PlanRecord, _ reason: WaitReason, _ seen: Observations
  ) -> NextMove {
    switch plan.control {
    case .rollback: return beginRollback(plan)
    case .abandon: return .recordPlan(PlanChange(.abandon, why: "Left as it was."))
    case .cancel:
      return plan.hasActed
        ? .stop : .recordPlan(PlanChange(.abandon, why: "Cancelled before it changed anything."))
    case .resume: return plan.isComingUndone ? beginRollback(plan) : .recordPlan(PlanChange(.run))
    case .pause: return .stop
    case nil: break
    }
    switch reason {
    case .approval:
      return plan.firstUnfinished?.state == .approved ? .recordPlan(PlanChange(.run)) : .stop
    case .reboot: return afterReboot(plan, seen)
    case .resources: return afterShortage(plan, seen)
    case .trial: return TrialDecision.waiting(plan, seen)
    case .person: return mayLookAgain(plan, seen) ? .recordPlan(PlanChange(.run)) : .stop
    }
  }

  /// What a job of Pawl's own had to wait for may have come about while the host started: a key was
  /// enrolled at the console, say. Once a boot, and only what changes nothing.
  private static func mayLookAgain(_ plan: PlanRecord, _ seen: Observations) -> Bool {
    guard let step = plan.firstUnfinished, case .command(let command) = step.frozen.action,
      step.state == .interrupted, step.bootID != seen.bootID
    else { return false }
    return command.isOwnJob && step.frozen.effects == .none && step.frozen.interrupted == .retry
  }

  private static func afterReboot(_ plan: PlanRecord, _ seen: Observations) -> NextMove {
    guard let step = plan.firstUnfinished else { return .recordPlan(PlanChange(.run)) }
    switch seen.reboots[step.id] {
    case nil: return .look(.reboot(step.id))
    case .sameBoot: return .stop
    case .proven, .otherKernel, .notTried, .unclear: return .recordPlan(PlanChange(.run))
    }
  }

  private static func afterShortage(_ plan: PlanRecord, _ seen: Observations) -> NextMove {
    guard let step = plan.firstUnfinished else { return .recordPlan(PlanChange(.run)) }
    switch seen.resources[step.id] {
    case nil: return .look(.resources(step.id))
    case .bad: return .stop
    case .good: return .recordPlan(PlanChange(.run))
    }
  }

  // MARK: - Running

  private static func running(_ plan: PlanRecord, _ seen: Observations) -> NextMove {
    if let inFlight = plan.firstStep(where: { $0 == .started }) {
      return settleInFlight(inFlight, seen)
    }
    if let stopped = heedControl(plan) { return stopped }
    // A failure is settled before anything is looked at that only going on would need.
    if let step = plan.firstUnfinished, step.state == .failed {
      return .recordPlan(PlanChange(.fail, why: "Step \"\(step.id)\" failed."))
    }
    if let aged = recheckAfterBoot(plan, seen) { return aged }
    guard let step = plan.firstUnfinished else { return .recordPlan(PlanChange(.succeed)) }
    switch step.state {
    case .approved: return prepare(step, seen)
    case .interrupted: return settleInterrupted(step, seen)
    case .stale: return settleStale(step, seen)
    case .pending:
      return wait(
        .approval, step.why ?? "Step \"\(step.id)\" is not approved for its present digest.")
    case .failed:
      return .recordPlan(PlanChange(.fail, why: "Step \"\(step.id)\" failed."))
    case .undoing, .undone, .undoFailed:
      return wait(.person, "Step \"\(step.id)\" was undone; the plan can only be rolled back.")
    case .started, .succeeded, .skipped: return .stop
    }
  }

  private static func heedControl(_ plan: PlanRecord) -> NextMove? {
    switch plan.control {
    case .pause: wait(.person, "Paused by a person.")
    case .cancel, .abandon: wait(.person, "Cancelled by a person; what was done is still in place.")
    case .rollback: wait(.person, "Stopped, to be rolled back.")
    case .resume, nil: nil
    }
  }

  /// A started step that nobody performs any more: the runner, or the power, went away.
  private static func settleInFlight(_ step: StepRecord, _ seen: Observations) -> NextMove {
    if case .restart = step.frozen.action { return settleRestart(step, seen) }
    let lost = StepChange(
      .interrupt, why: "The runner went away while the step was in flight; its outcome is unknown.")
    if step.bootID != seen.bootID { return .recordStep(step.id, lost) }
    switch seen.survivors[step.id] {
    case nil: return .look(.survivors(step.id))
    case .none?: return .recordStep(step.id, lost)
    case .alive: return .endSurvivors(step.id, kill: step.frozen.interrupted == .retry)
    case .stuck(let why): return wait(.person, why)
    }
  }

  private static func settleRestart(_ step: StepRecord, _ seen: Observations) -> NextMove {
    switch seen.reboots[step.id] {
    case nil: .look(.reboot(step.id))
    case .sameBoot: .restart(step.id)
    case .proven: TrialDecision.settle(step, seen)
    case .otherKernel(let why): .recordStep(step.id, StepChange(.fail, why: why))
    case .notTried(let why): .recordStep(step.id, StepChange(.interrupt, why: why))
    case .unclear(let why): wait(.person, why)
    }
  }

  /// Under a new boot, what dies with a boot is gone and what was made may be torn.
  private static func recheckAfterBoot(_ plan: PlanRecord, _ seen: Observations) -> NextMove? {
    for index in plan.steps.indices {
      guard plan.steps[index].isDone, plan.steps[index].bootID != seen.bootID else { continue }
      let step = plan.steps[index]
      if step.frozen.effects == .volatile {
        return .recordStep(
          step.id, StepChange(.goStale, why: "The host was restarted since; its effect is gone."))
      }
      guard !step.products.isEmpty, plan.isStillUsed(step.id) else { continue }
      switch seen.products[step.id] {
      case nil: return .look(.products(step.id))
      case .good: continue
      case .bad(let why): return wait(.person, why)
      }
    }
    return nil
  }

  private static func settleInterrupted(_ step: StepRecord, _ seen: Observations) -> NextMove {
    if seen.isUnattended, case .restart = step.frozen.action {
      return wait(.person, step.why ?? "The restart was not completed.")
    }
    switch step.frozen.interrupted {
    case .retry: return retry(step, seen)
    case .ask:
      return wait(
        .person, "Step \"\(step.id)\" was interrupted; only a person can say how it ended.")
    case .check:
      guard step.frozen.check != nil else {
        return wait(.person, "Step \"\(step.id)\" was interrupted and has no check.")
      }
      switch seen.checks[step.id] {
      case nil: return .look(.check(step.id))
      case .done:
        return .recordStep(
          step.id, StepChange(.prove, why: "Its check found the effect in place."))
      case .notDone:
        return wait(
          .approval, "Step \"\(step.id)\" was interrupted and its check does not find it done.")
      case .unclear(let why): return wait(.person, why)
      }
    }
  }

  private static func retry(_ step: StepRecord, _ seen: Observations) -> NextMove {
    switch seen.host {
    case nil: return .look(.host)
    case .bad(let why): return wait(.person, why)
    case .good: break
    }
    switch seen.facts[step.id] {
    case nil: return .look(.facts(step.id))
    case .changed(_, let why): return wait(.person, why)
    case .hold: break
    }
    return withResources(step, seen)
  }

  private static func settleStale(_ step: StepRecord, _ seen: Observations) -> NextMove {
    let repeatable = step.frozen.interrupted == .retry || step.frozen.risk == .low
    let again: NextMove =
      repeatable
      ? retry(step, seen)
      : wait(.approval, "Step \"\(step.id)\" has to be done again under this boot.")
    guard step.frozen.check != nil else { return again }
    switch seen.checks[step.id] {
    case nil: return .look(.check(step.id))
    case .done:
      return .recordStep(
        step.id, StepChange(step.foundDone, why: "Its effect is there under this boot too."))
    case .notDone: return again
    case .unclear(let why): return wait(.person, why)
    }
  }

  /// A restart is not repeated, whatever its recipe says: each one takes the host from its people.
  private static func mayGoOnAlone(_ step: StepRecord) -> Bool {
    if case .restart = step.frozen.action { return false }
    return step.frozen.interrupted == .retry
  }

  private static func prepare(_ step: StepRecord, _ seen: Observations) -> NextMove {
    // An approval was given for a host that a person had in view.
    if seen.isUnplannedBoot, step.frozen.risk > .low, !mayGoOnAlone(step) {
      return wait(
        .person,
        "The host was restarted while the plan ran. Step \"\(step.id)\" is of "
          + "\(step.frozen.risk.rawValue) risk and is not begun with nobody there.")
    }
    switch seen.host {
    case nil: return .look(.host)
    case .bad(let why): return wait(.person, why)
    case .good: break
    }
    switch seen.facts[step.id] {
    case nil: return .look(.facts(step.id))
    case .changed(let facts, let why):
      return .recordStep(step.id, StepChange(.revoke, why: why, facts: facts))
    case .hold: break
    }
    if step.frozen.check != nil {
      switch seen.checks[step.id] {
      case nil: return .look(.check(step.id))
      case .done:
        return .recordStep(
          step.id, StepChange(step.foundDone, why: "Its check found it already done."))
      case .notDone, .unclear: break
      }
    }
    return withResources(step, seen)
  }

  private static func withResources(_ step: StepRecord, _ seen: Observations) -> NextMove {
    switch seen.resources[step.id] {
    case nil: .look(.resources(step.id))
    case .bad(let why): wait(.resources, why)
    case .good: .perform(step.id)
    }
  }

  private static func wait(_ reason: WaitReason, _ why: String) -> NextMove {
    .recordPlan(PlanChange(.wait(reason), why: why))
  }

  // MARK: - Rolling back

  private static func beginRollback(_ plan: PlanRecord) -> NextMove {
    .recordPlan(PlanChange(.beginRollback, why: "Asked for by a person."))
  }

  private static func rollBackAgain(_ plan: PlanRecord) -> NextMove {
    guard let failed = plan.steps.last(where: { $0.state == .undoFailed }) else { return .stop }
    return .undo(failed.id, again: true)
  }

  private static func rollingBack(_ plan: PlanRecord, _ seen: Observations) -> NextMove {
    if let inFlight = plan.firstStep(where: { $0 == .started }) {
      if case .restart = inFlight.frozen.action {
        return .recordStep(
          inFlight.id, StepChange(.interrupt, why: "Rolled back before the restart was proven."))
      }
      return settleInFlight(inFlight, seen)
    }
    switch plan.control {
    case .pause, .cancel: return wait(.person, "The rollback was paused by a person.")
    case .resume, .rollback, .abandon, nil: break
    }
    if seen.isRestarting { return .stop }
    if let stuck = plan.firstStep(where: { $0 == .undoFailed }) {
      return .recordPlan(
        PlanChange(.failRollback, why: stuck.why ?? "Step \"\(stuck.id)\" could not be undone."))
    }
    guard let step = plan.steps.last(where: \.canBeUndone) else {
      return .recordPlan(PlanChange(.finishRollback))
    }
    return undo(step, seen)
  }

  /// An undo program of a dead runner may still be at work.
  private static func undo(_ step: StepRecord, _ seen: Observations) -> NextMove {
    guard step.state == .undoing, step.bootID == seen.bootID else {
      return .undo(step.id, again: false)
    }
    switch seen.survivors[step.id] {
    case nil: return .look(.survivors(step.id))
    case .none?: return .undo(step.id, again: false)
    case .alive: return .endSurvivors(step.id, kill: false)
    case .stuck(let why): return wait(.person, why)
    }
  }
}

extension StepRecord {
  fileprivate var canBeUndone: Bool {
    switch state {
    case .succeeded, .failed, .interrupted, .undoing: true
    // What was only found, or approved anew after an attempt, has something to take back where
    // this plan once began it.
    case .stale, .pending, .approved: attempts > 0
    case .started, .skipped, .undone, .undoFailed: false
    }
  }

  fileprivate var isDone: Bool { state == .succeeded || state == .skipped }

  /// What no attempt of this plan did is skipped, and never undone; what an attempt began and
  /// nobody saw end is this plan's own doing.
  fileprivate var foundDone: StepEvent { attempts > 0 ? .prove : .skip }
}

extension PlanRecord {
  fileprivate var failedTrial: StepRecord? {
    steps.first { $0.state == .failed && $0.trial != nil }
  }

  /// What all its users have taken over may be gone: a stick that was pulled, a folder in /tmp.
  fileprivate func isStillUsed(_ id: StepID) -> Bool {
    steps.contains { !$0.isDone && $0.frozen.uses.contains(id) }
  }

  /// The first step that still needs something; steps never run out of order.
  public var firstUnfinished: StepRecord? {
    firstStep { $0 != .succeeded && $0 != .skipped }
  }

  /// Some step was started, whatever became of it.
  public var hasActed: Bool { steps.contains { $0.attempts > 0 } }

  /// A rollback was begun: the only way on is to finish it.
  public var isComingUndone: Bool {
    steps.contains { step in
      switch step.state {
      case .undoing, .undone, .undoFailed: true
      case .pending, .approved, .started, .succeeded, .failed, .interrupted, .skipped, .stale: false
      }
    }
  }
}
