import PawlHost
import PawlModel

/// What became of a trial, as far as a boot tells before anything of it was recorded.
public struct TrialOutlook {
  private let host: any HostBoot

  public init(host: any HostBoot) { self.host = host }

  /// A sentence; nil where the trial runs, was not begun, or nothing can be said of it.
  public func sentence(of plan: PlanRecord, here: BootIdentity) -> String? {
    guard let step = plan.steps.first(where: \.isOnTrial), let trial = step.trial,
      let terms = step.frozen.action.trialTerms
    else { return nil }
    let expected = trial.armed.expectedBoot(token: terms.token)
    let verdict = BootVerdict(
      expected: expected, present: here,
      loader: host.loaderTrace(of: terms, recorded: trial.isOneShotSet),
      isCrashKernel: host.isCrashKernel)
    switch verdict {
    case .fellBack, .notTried, .anotherKernel:
      return verdict.sentence(expected: expected, present: here)
    case .crashKernel, .sameBoot, .trial: return nil
    }
  }
}
