/// "What now?" for a new kernel that is on trial. Until it has proved itself the old one is the
/// default of the boot menu: whatever goes wrong, the next boot is the way back.
enum TrialDecision {
  /// The plan waits for the end of the trial.
  static func waiting(_ plan: PlanRecord, _ seen: Observations) -> NextMove {
    guard let step = plan.firstUnfinished else { return .recordPlan(PlanChange(.run)) }
    if step.trial?.judgement == .rejected {
      return .recordPlan(PlanChange(.beginRollback, why: "A person rejected the new kernel."))
    }
    switch seen.reboots[step.id] {
    case nil: return .look(.reboot(step.id))
    // The host went down in the middle of the trial.
    case .otherKernel, .notTried, .unclear, .sameBoot: return .recordPlan(PlanChange(.run))
    case .proven: break
    }
    switch seen.health[step.id] {
    case nil: return .look(.health(step.id))
    case .settling: return .stop
    case .bad: return .recordPlan(PlanChange(.run))
    case .good: return waitsForPerson(step) ? .stop : .recordPlan(PlanChange(.run))
    }
  }

  /// The expected kernel runs: is it well, too?
  static func settle(_ step: StepRecord, _ seen: Observations) -> NextMove {
    guard step.trial != nil else { return .recordStep(step.id, StepChange(.succeed)) }
    switch seen.health[step.id] {
    case nil: return .look(.health(step.id))
    case .settling: return wait("The new kernel runs; it has not proved itself yet.")
    case .bad(let why): return .recordStep(step.id, StepChange(.fail, why: why))
    case .good:
      guard !waitsForPerson(step) else { return wait("The new kernel is well; a person decides.") }
      return .recordStep(step.id, StepChange(.succeed))
    }
  }

  static func rollBack(_ step: StepRecord) -> NextMove {
    let why = step.why ?? "The new kernel did not prove itself."
    return .recordPlan(
      PlanChange(.beginRollback, why: "\(why) Rolled back by itself, as was approved."))
  }

  private static func waitsForPerson(_ step: StepRecord) -> Bool {
    step.frozen.action.trialTerms?.asksPerson == true && step.trial?.judgement != .confirmed
  }

  private static func wait(_ why: String) -> NextMove {
    .recordPlan(PlanChange(.wait(.trial), why: why))
  }
}
