import PawlModel

/// Where in a plan's life its runner was when it died: what the journal knew and what the ledger
/// shows, both read right after the death.
enum Landing: String, CaseIterable {
  case edge = "at the plan's edges, no step in flight"
  case beforeIntent = "before an intent, between two steps"
  case beforeAct = "between intent and act"
  case duringAct = "during the act"
  case beforeOutcome = "between act and outcome"
  case recovery = "in recovery, before its first record"

  /// `sequence` is the newest event that this runner found.
  init(_ plan: PlanRecord, _ lines: Ledger.Lines, since sequence: Int64) {
    guard let step = plan.steps.first(where: { $0.state == .started }) else {
      let hasBegun = plan.steps.contains { $0.attempts > 0 }
      self = hasBegun && plan.firstUnfinished != nil ? .beforeIntent : .edge
      return
    }
    let (name, attempt) = (step.id.name, step.attempts)
    if plan.sequence == sequence {
      self = .recovery
    } else if lines.has(.end, name, attempt: attempt) {
      self = .beforeOutcome
    } else if lines.has(.start, name, attempt: attempt) {
      self = .duringAct
    } else {
      self = .beforeAct
    }
  }
}
