import PawlHost
import PawlModel

/// Which kernel came up after a restart, and how it is doing.
struct TrialObserver {
  let context: RunnerContext
  let plan: PlanRecord
  let step: StepRecord

  func reboot() -> RebootVerdict {
    guard let terms = step.frozen.action.trialTerms else { return plainReboot() }
    guard let trial = step.trial else {
      guard context.host.now().bootID != step.bootID else { return .sameBoot }
      return .notTried("The host went down before the trial was set up.")
    }
    let expected = trial.armed.expectedBoot(token: terms.token)
    let present: BootIdentity
    do {
      present = try context.host.bootIdentity()
    } catch {
      return .unclear("Which kernel runs cannot be told: \(error)")
    }
    let verdict = BootVerdict(
      expected: expected, present: present,
      loader: context.host.loaderTrace(of: terms, recorded: trial.isOneShotSet),
      isCrashKernel: context.host.isCrashKernel)
    let sentence = verdict.sentence(expected: expected, present: present)
    switch verdict {
    case .crashKernel, .sameBoot: return .sameBoot
    case .trial: return .proven
    case .fellBack: return .otherKernel(sentence)
    case .notTried: return .notTried(sentence)
    case .anotherKernel: return .unclear(sentence)
    }
  }

  private func plainReboot() -> RebootVerdict {
    guard context.host.now().bootID != step.bootID else { return .sameBoot }
    guard case .restart(_, _, let expected?, _) = step.frozen.action else { return .proven }
    let running = context.host.runningRelease()
    guard running == expected else {
      return .otherKernel(
        "The host came back with \(running), not with \(expected) as the plan expects.")
    }
    return .proven
  }

  /// What is not well may still be on its way up until the deadline; what broke does not mend.
  func health() throws -> HealthVerdict {
    guard let terms = step.frozen.action.trialTerms, let trial = step.trial else { return .good }
    let upSeconds = context.host.now().bootMillis / 1000
    let comparison = HealthComparison(
      before: trial.armed.health, after: context.host.health(), demanded: terms.modules,
      builtIn: context.host.builtInModules(), builtInBefore: trial.armed.builtIn.map(Set.init))
    let failure = comparison.findings.first { $0.severity == .failure }?.sentence
    let complaint = try failure ?? failedCheck(terms)
    guard let complaint else {
      guard upSeconds >= Int64(terms.settleSeconds) else { return .settling }
      return TrialPatience(terms: terms, trial: trial).verdict(upSeconds: upSeconds)
    }
    guard upSeconds >= Int64(terms.deadlineSeconds) else { return .settling }
    return .bad(
      "The new kernel came up, but was not well after \(terms.deadlineSeconds) seconds: \(complaint)"
    )
  }

  private func failedCheck(_ terms: TrialTerms) throws -> String? {
    let programs = Programs(context: context, plan: plan, step: step)
    for (number, check) in terms.checks.enumerated() {
      let report = try programs.run(check, timeoutSeconds: 60, purpose: "health\(number)") { _ in
        .goOn
      }
      guard report.succeeded else {
        return "\(StepWording.line(check.argv)): \(report.ending.sentence)"
      }
    }
    return nil
  }
}
