import ArgumentParser
import PawlEngine
import PawlHost
import PawlJournal
import PawlModel

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Where things stand now; ends with what to do next.")

  @Argument(help: "The number of the plan; without it, the one that matters now.")
  var plan: Int64?
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.reading(options)
    try Session.refuseRewound(session.journal)
    let wanted = try plan.map { try session.journal.planSummary(PlanID($0)) }
    guard let summary = try wanted ?? session.journal.statusPlan() else {
      guard plan == nil else {
        throw PawlError(
          .noInput, "There is no plan \(plan ?? 0) in \(options.journalPath).",
          hint: "`pawl history` lists the plans.")
      }
      try Output.answer(StatusAnswer.empty, json: format.json)
      return
    }
    try Output.answer(try answer(summary, session), json: format.json)
  }

  private func answer(_ summary: PlanSummary, _ session: Session) throws -> StatusAnswer {
    let pid = summary.state.isSettled ? nil : session.runnerPID
    let steps = try session.journal.steps(of: summary.id)
    let isInterrupted = steps.contains { $0.state == .interrupted }
    let toResolve = try isInterrupted ? session.plan(summary.id).stepToResolve?.id : nil
    let advice = try NextAdvice(
      summary.state, plan: summary.id, missing: summary.unapprovedCount > 0,
      firstUnfinished: steps.first { $0.state != .succeeded && $0.state != .skipped }?.id,
      interrupted: toResolve,
      lasting: summary.state == .rolledBack ? session.plan(summary.id).lastingSteps : [],
      made: summary.state == .succeeded ? session.plan(summary.id).made : [],
      runnerIsAlive: pid != nil)
    var answer = StatusAnswer(
      plan: summary.id.number, state: summary.state.word,
      waitingFor: summary.state.waitReason?.rawValue, runner: .init(pid: pid),
      next: advice.sentence)
    answer.lines = [
      "Plan \(summary.id)  \(summary.recipe)"
        + (summary.newRelease.map { " -> \($0)" } ?? "") + "  for \(summary.host)",
      "  State    \(summary.state.inWords), \(summary.doneCount) of \(summary.stepCount) steps done",
    ]
    if let why = summary.why { answer.lines.append("  Because  \(StepWording.printable(why))") }
    answer.lines += try current(steps, session).map { "  Step     \($0)" }
    try tellTrial(summary, session, in: &answer)
    if let pid { answer.lines.append("  Runner   process \(pid)") }
    return answer
  }

  /// A trial that runs, or one that any restart of this host would begin.
  private func tellTrial(
    _ summary: PlanSummary, _ session: Session, in answer: inout StatusAnswer
  ) throws {
    guard !summary.state.isSettled, summary.newRelease != nil else { return }
    let record = try session.plan(summary.id)
    let now = session.host.now()
    let here = try? session.host.bootIdentity()
    if let trial = TrialStatus(plan: record, here: here, now: now) {
      answer.trial = .init(release: trial.release, secondsLeft: trial.secondsLeft)
      answer.lines.append("  Trial    \(trial.sentence)")
      let health = TrialHealth(plan: record, host: session.host)
      answer.lines += (health?.lines ?? []).map { "  Health   \($0)" }
      answer.trial?.failures = health?.failures ?? []
    } else if let exposure = RestartExposure(plan: record, here: now.bootID).sentence {
      answer.lines.append("  Trial    \(exposure)")
    }
  }

  /// The step that something is happening with, and how far it has come.
  private func current(_ steps: [StepSummary], _ session: Session) throws -> [String] {
    try steps.filter { $0.state.isUnsettled }.map { step in
      var line = "\(step.id) is \(step.state.rawValue)"
      if let why = step.why { line += ": \(StepWording.printable(why))" }
      if step.action == "build", step.state == .started,
        let row = try session.journal.latestCheckpoint(of: step.plan, step: step.id)
      {
        line += ": " + Progress.buildLine(row.checkpoint)
      }
      return line
    }
  }
}

struct StatusAnswer: Answer {
  static let schema = "pawl.status/1"

  struct RunnerState: Encodable {
    var pid: Int32?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let pid { try container.encode(["pid": pid]) } else { try container.encodeNil() }
    }
  }

  struct Trial: Encodable {
    var release: String
    /// Negative once the deadline is over.
    var secondsLeft: Int64
    /// What is not well now: sentences.
    var failures: [String] = []

    enum CodingKeys: String, CodingKey {
      case release, failures
      case secondsLeft = "seconds_left"
    }
  }

  var plan: Int64?
  var state: String?
  /// Only while a kernel is on trial.
  var trial: Trial?
  var waitingFor: String?
  var runner: RunnerState
  var next: String
  var lines: [String] = []

  enum CodingKeys: String, CodingKey {
    case plan, state, runner, next, trial
    case waitingFor = "waiting_for"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(plan, forKey: .plan)
    try container.encode(state, forKey: .state)
    try container.encode(waitingFor, forKey: .waitingFor)
    try container.encode(runner, forKey: .runner)
    try container.encode(next, forKey: .next)
    try container.encodeIfPresent(trial, forKey: .trial)
  }

  static let empty = StatusAnswer(
    runner: RunnerState(), next: "pawl plan RECIPE   (pawl recipe list shows the recipes)",
    lines: ["No plan was ever made in this journal."])

  var text: String { (lines + ["Next: \(next)"]).joined(separator: "\n") }
}

extension StepState {
  var isUnsettled: Bool {
    switch self {
    case .started, .failed, .interrupted, .stale, .undoing, .undoFailed: true
    case .pending, .approved, .succeeded, .skipped, .undone: false
    }
  }
}
