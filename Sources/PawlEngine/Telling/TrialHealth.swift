import PawlHost
import PawlModel

/// How a kernel on trial is doing now, beside how the host did before: for `pawl status`. Only looked
/// at; the recipe's own checks are programs, and are run by the trial alone.
public struct TrialHealth: Sendable, Hashable {
  /// What must not be, and what is only other than before: sentences.
  public let failures: [String]
  public let differences: [String]

  public init(_ comparison: HealthComparison) {
    func sentences(_ severity: HealthFinding.Severity) -> [String] {
      comparison.findings.filter { $0.severity == severity }.map(\.sentence)
    }
    failures = sentences(.failure)
    differences = sentences(.difference)
  }

  /// nil where no kernel of the plan is on trial.
  public init?(plan: PlanRecord, host: any HostBoot) {
    guard let step = plan.steps.first(where: \.isOnTrial), let trial = step.trial,
      let terms = step.frozen.action.trialTerms
    else { return nil }
    self.init(
      HealthComparison(
        before: trial.armed.health, after: host.health(), demanded: terms.modules,
        builtIn: host.builtInModules(), builtInBefore: trial.armed.builtIn.map(Set.init)))
  }

  public var lines: [String] {
    guard !failures.isEmpty || !differences.isEmpty else {
      return ["as before the restart, as far as this host tells"]
    }
    return failures.map { "NOT WELL: \(StepWording.printable($0))" }
      + differences.map { "only other than before: \(StepWording.printable($0))" }
  }
}
