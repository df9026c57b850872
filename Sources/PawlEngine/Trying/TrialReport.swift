import PawlHost
import PawlModel

/// What goes into the journal when a trial is decided: what came up and, where that was not the new
/// kernel, what the lost boot left behind. Kept here, since the disks of a host without a clock or
/// with little space forget it.
struct TrialReport {
  let context: RunnerContext
  let plan: PlanRecord

  /// The change with what is known added to its reason, and the report in front of it. Anything
  /// else than the end of a trial is passed on as it is.
  func entries(for id: StepID, _ change: StepChange) -> [Entry] {
    guard change.event == .succeed || change.event == .fail, let step = plan.step(id),
      let trial = step.trial, let identity = try? context.host.bootIdentity()
    else { return [entry(id, .step(change))] }
    var change = change
    let isTrial = step.frozen.action.trialTerms.map { identity.isTrial(of: $0.token) } ?? false
    var evidence = TrialEvidence()
    if !isTrial {
      evidence = context.host.evidence(after: trial.armed)
      change.why = [change.why, evidence.summary].compactMap(\.self).joined(separator: " ")
    }
    let report = BootReport(
      identity: identity, isTrial: isTrial, summary: change.why ?? "The new kernel is well.",
      evidence: evidence.texts)
    return [entry(id, .trial(.booted(report))), entry(id, .step(change))]
  }

  private func entry(_ id: StepID, _ body: EventBody) -> Entry {
    Entry(plan: plan.id, step: id, body)
  }
}
