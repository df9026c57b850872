import PawlHost
import PawlJournal
import PawlModel

/// Takes back the restart into a new kernel. While that kernel runs, nothing of it may be removed:
/// the host is restarted into the fallback first, once, and the undo goes on there.
struct TrialLeaving {
  let context: RunnerContext
  let plan: PlanRecord
  let step: StepRecord

  enum Outcome {
    case left
    case restarting
    case stranded(String)
  }

  func act() throws -> Outcome {
    guard let terms = step.frozen.action.trialTerms, let trial = step.trial else { return .left }
    do {
      try context.host.disarm(terms)
      let now = try context.host.bootIdentity()
      let expected = trial.armed.expectedBoot(token: terms.token)
      guard expected.mustBeLeft(under: now) else { return .left }
      if let before = trial.leftUnder, before != now.bootID {
        return .stranded(
          "The host was restarted to leave \(now.release), and came back with it. "
            + "\(wayOut(trial, terms)), then run `pawl rollback \(plan.id)`."
        )
      }
      return try restart(trial, terms, from: now)
    } catch let error as PawlError {
      return .stranded(error.description)
    }
  }

  private func wayOut(_ trial: TrialRecord, _ terms: TrialTerms) -> String {
    guard let wsl = terms.wsl else {
      return "Choose \(trial.armed.before.release) in the boot menu"
    }
    return "Start \(WSLReturnScript.name), which lies beside \(wsl.kernel), in Windows"
  }

  private func restart(
    _ trial: TrialRecord, _ terms: TrialTerms, from now: BootIdentity
  ) throws -> Outcome {
    try context.journal.append(
      [Entry(plan: plan.id, step: step.id, .trial(.leaving(under: now.bootID)))],
      by: context.actor, at: context.host.now())
    guard plan.frozen.root == "/", context.restartsHost else { return .restarting }
    do {
      try context.host.restart(
        terms.wsl == nil ? .system : .wsl,
        saying: "Pawl goes back to \(trial.armed.before.release).")
    } catch let error as PawlError {
      // Another runner's request, or a person's, may be under way, and a host that goes down takes no
      // second one. Whoever restarts it, the rollback goes on after that; a rollback that failed would
      // not.
      let note = Note(topic: "restart", text: error.description)
      try context.journal.append(
        [Entry(plan: plan.id, step: step.id, .note(note))], by: context.actor,
        at: context.host.now())
    }
    return .restarting
  }
}
