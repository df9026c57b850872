import PawlHost
import PawlJournal
import PawlModel

/// Restarts the host for a step whose start is durable. Where a kernel is tried, first the record
/// of what has to come up, then the one-shot, then its record: a cut between any two of them
/// leaves the old kernel as the next boot, or a trial that the journal knows of.
struct RestartAct {
  let context: RunnerContext
  let plan: PlanRecord
  let step: StepRecord

  enum Outcome {
    /// The host was told to restart, or a person is to do that.
    case restarting
    case failed(String)
  }

  func perform() throws -> Outcome {
    guard case .restart(let kind, let message, let release, let terms) = step.frozen.action else {
      return .failed("Step \"\(step.id)\" restarts nothing.")
    }
    if let busy = context.awaitPackageWork() { return .failed(busy) }
    if let note = context.restartCompany().note { try append([.note(note)]) }
    do {
      if let terms { try setUp(terms, release: release ?? plan.frozen.newRelease ?? "") }
    } catch let error as PawlError {
      if let terms { try? context.host.disarm(terms) }
      return .failed(error.description)
    }
    // Without a trial nothing pins the old kernel: a person restarts, and is there if it fails.
    guard terms != nil, plan.frozen.root == "/", context.restartsHost else { return .restarting }
    do {
      try context.host.restart(kind, saying: message)
    } catch let error as PawlError {
      let note = Note(topic: "restart", text: error.description)
      try append([.note(note)])
    }
    return .restarting
  }

  private func setUp(_ terms: TrialTerms, release: String) throws {
    let armed = try context.host.trialAhead(terms, release: release)
    try append([.trial(.armed(armed))])
    try context.host.arm(terms)
    try append([.trial(.oneShotSet(entry: terms.trialEntry))])
  }

  private func append(_ bodies: [EventBody]) throws {
    try context.journal.append(
      bodies.map { Entry(plan: plan.id, step: step.id, $0) }, by: context.actor,
      at: context.host.now())
  }
}
