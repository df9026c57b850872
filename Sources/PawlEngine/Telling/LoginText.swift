import PawlHost
import PawlModel

/// What people who log in are told: where each plan stands, which kernel runs, and what they can do.
/// Written for somebody who knows nothing of the plan and may just have lost a kernel.
public struct LoginText: Sendable {
  public let lines: [String]

  /// - Parameters:
  ///   - plans: those that are open, and those that were settled in this boot.
  ///   - here: this boot; nil where the kernel does not say.
  ///   - outlook: what became of a trial that nobody has recorded yet.
  ///   - isAtWork: that the hook or a runner looks after what is under way; false where it had to stop.
  public init(
    plans: [PlanRecord], here: BootIdentity?, now: Stamp, outlook: TrialOutlook? = nil,
    isAtWork: Bool = true
  ) {
    lines = plans.flatMap {
      PlanTold(plan: $0, here: here, now: now, outlook: outlook, isAtWork: isAtWork).lines
    }
  }

  /// Something that kept the boot hook from its work.
  public static func trouble(_ error: PawlError, here: BootIdentity?) -> [String] {
    var lines = ["Pawl could not look after its plans in this boot: \(error.message)"]
    if let hint = error.hint { lines.append("  \(hint)") }
    lines.append("  The host started as usual; no step of a plan was begun or taken back.")
    guard let here, here.isTrialBoot else { return lines }
    lines.append(
      "  \(here.release) runs on trial: it is not proven and not the default. A restart brings the "
        + "old kernel back, and comes by itself once the time of the trial is over.")
    return lines
  }

  /// The hook was at work on a plan, and could not go on: what it had done by then is in the journal.
  public static func stopped(_ plan: PlanID, _ error: PawlError) -> [String] {
    ["Pawl could not go on with plan \(plan) in this boot: \(error.message)"]
      + (error.hint.map { ["  \($0)"] } ?? [])
      + ["  What was done until then is recorded. Next: pawl status \(plan)"]
  }

  /// A person at the console asked for no automatic action.
  public static func toldToWait(_ plans: Int) -> [String] {
    let what = plans == 1 ? "1 plan is open" : "\(plans) plans are open"
    return [
      "Pawl does nothing by itself in this boot: pawl.resume=no was given at its start.",
      "  \(what). Next: pawl status",
    ]
  }
}

/// One plan, in two to five lines.
private struct PlanTold {
  let plan: PlanRecord
  let here: BootIdentity?
  let now: Stamp
  let outlook: TrialOutlook?
  let isAtWork: Bool

  private var name: String { "Pawl plan \(plan.id) (\(plan.frozen.recipe))" }
  private var trialStep: StepRecord? { plan.steps.last { $0.trial != nil } }

  var lines: [String] {
    if let step = trialStep, let terms = step.frozen.action.trialTerms, let trial = step.trial {
      if step.isOnTrial { return onTrial(trial, terms, of: step) }
      return afterTrial(trial, of: step)
    }
    return plain
  }

  // MARK: - A trial that is not decided

  private func onTrial(_ trial: TrialRecord, _ terms: TrialTerms, of step: StepRecord) -> [String] {
    let names = TrialNames(trial.armed)
    let (new, old) = (names.new, names.old)
    guard let here, here.bootID != trial.armed.before.bootID else {
      return trial.isOneShotSet
        ? [
          "\(name): the next restart of this host, whoever asks for it, starts \(new) once, on trial.",
          "  Whatever comes of that, the start after it brings \(old) back unless \(new) proves itself.",
          "  To take that back: pawl rollback \(plan.id)",
        ] : ["\(name): a trial of \(new) is being prepared.", next]
    }
    guard here.isTrial(of: terms.token) else {
      let found = outlook?.sentence(of: plan, here: here)
      return [
        "\(name): \(new) was to be tried; this host runs \(here.release).",
        found.map { "  \(StepWording.printable($0))" } ?? "  What became of it is being looked at.",
        "  Whether anything is to be undone is seen to now. Next: pawl status \(plan.id)",
      ]
    }
    return running(new, old, terms, trial)
  }

  private func running(
    _ new: String, _ old: String, _ terms: TrialTerms, _ trial: TrialRecord
  ) -> [String] {
    let time = TrialTime(terms, now: now)
    let until = "by \(time.timeOfDay), \(terms.deadlineSeconds) s after its start"
    var lines = ["\(name): this host is ON TRIAL with \(new)."]
    switch (trial.judgement, terms.asksPerson) {
    case (.rejected?, _): lines.append("  A person rejected it: it goes back to \(old).")
    case (.confirmed?, _): lines.append("  A person confirmed it: it stays once all is well.")
    case (nil, true):
      lines += [
        "  It stays only if all is well and you say so \(until): pawl confirm \(plan.id)",
        "  Else it goes back to \(old) by itself. At once: pawl reject \(plan.id)",
      ]
    case (nil, false):
      lines += [
        "  It stays if all is well \(until); else it goes back to \(old) by itself.",
        "  Go back at once: pawl reject \(plan.id)",
      ]
    }
    return lines + ["  How it is doing: pawl status \(plan.id)"]
  }

  // MARK: - A trial that is over

  private func afterTrial(_ trial: TrialRecord, of step: StepRecord) -> [String] {
    let new = TrialNames(trial.armed).new
    switch step.state {
    case .succeeded, .skipped, .stale: return proven(new)
    case .pending, .approved:
      return ["\(name): \(new) was not tried yet."] + because + [next]
    case .started, .failed, .interrupted, .undoing, .undone, .undoFailed:
      return failed(new, trial, step)
    }
  }

  private func proven(_ new: String) -> [String] {
    switch plan.state {
    case .succeeded:
      return [
        "\(name): done. \(new) proved itself and is kept.",
        "  \(runs)The whole story: pawl history show \(plan.id)",
      ]
    case .rollingBack, .rolledBack, .rollbackFailed: return rollback(of: new, why: plan.why)
    case .planned, .running, .waiting, .failed, .abandoned:
      return ["\(name): \(new) proved itself. The plan is \(plan.state.inWords)."] + because + [
        next
      ]
    }
  }

  private func failed(_ new: String, _ trial: TrialRecord, _ step: StepRecord) -> [String] {
    rollback(of: new, why: trial.report?.summary ?? step.why ?? plan.why)
  }

  private func rollback(of new: String, why: String?) -> [String] {
    var lines: [String]
    switch plan.state {
    case .rolledBack:
      lines = ["\(name): ROLLED BACK. \(new) was tried and did not stay; all of it was undone."]
    case .rollbackFailed:
      lines = ["\(name): \(new) was tried and did not stay, and its ROLLBACK IS STUCK."]
    case .rollingBack: lines = ["\(name): \(new) was tried and is being rolled back."]
    case .planned, .running, .waiting, .succeeded, .failed, .abandoned:
      lines = ["\(name): \(new) was tried and did not stay. The plan is \(plan.state.inWords)."]
    }
    if let why { lines.append("  \(StepWording.printable(why))") }
    if plan.state == .rollbackFailed, let why = plan.why {
      lines.append("  \(StepWording.printable(why))")
    }
    return lines + ["  \(runs)The whole story: pawl history show \(plan.id)", next]
  }

  // MARK: - No trial

  private var plain: [String] {
    switch plan.state {
    case .succeeded: ["\(name): done.", "  The whole story: pawl history show \(plan.id)"]
    case .planned, .running, .rollingBack, .waiting, .failed, .rolledBack, .rollbackFailed,
      .abandoned:
      ["\(name) is \(plan.state.inWords)."] + because + [next]
    }
  }

  private var because: [String] { plan.why.map { ["  \(StepWording.printable($0))"] } ?? [] }

  private var runs: String { here.map { "This host runs \($0.release). " } ?? "" }

  private var next: String {
    "  Next: \(NextAdvice(plan: plan, runnerIsAlive: isAtWork).sentence)"
  }
}
