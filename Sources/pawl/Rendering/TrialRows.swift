import PawlEngine
import PawlJournal
import PawlModel

/// What happened in a trial, for history.
struct TrialRow: Encodable {
  var at: String
  var step: String
  var boot: String
  /// `armed`, `one-shot-set`, `booted`, `leaving`, `judged`.
  var event: String
  var sentences: [String]
  /// Lines of what a lost boot left behind.
  var evidence: [String]
}

struct TrialRows {
  private(set) var rows: [TrialRow] = []

  /// - Parameter whole: all of the evidence, not only its last lines.
  init(_ session: Session, _ plan: PlanRecord, whole: Bool) throws {
    guard plan.steps.contains(where: { $0.trial != nil }) else { return }
    var tellings: [StepID: TrialTelling] = [:]
    var found: [TrialRow] = []
    try session.journal.events(of: plan.id) { event in
      guard event.kind == EventKind.trial.rawValue, let step = event.step,
        case .trial(let trial) = try event.body()
      else { return true }
      let terms = plan.step(step)?.frozen.action.trialTerms
      var telling = tellings[step] ?? TrialTelling(plan: plan.id, terms: terms)
      let sentences = telling.sentences(of: trial)
      tellings[step] = telling
      found.append(
        TrialRow(
          at: Instant.text(event.stamp.wallMillis), step: step.name, boot: event.stamp.bootID,
          event: trial.word, sentences: sentences,
          evidence: trial.evidence(of: plan.id, whole: whole)))
      return found.count < 1000
    }
    rows = found
  }
}

extension TrialEvent {
  fileprivate var word: String {
    switch self {
    case .armed: "armed"
    case .oneShotSet: "one-shot-set"
    case .booted: "booted"
    case .leaving: "leaving"
    case .judged: "judged"
    }
  }

  fileprivate func evidence(of plan: PlanID, whole: Bool) -> [String] {
    guard case .booted(let report) = self else { return [] }
    return TrialTelling.evidence(report, of: plan, whole: whole)
  }
}
