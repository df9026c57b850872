import PawlHost
import PawlModel

/// 4. A step found in flight is never repeated unless its policy or a person allows it, and
/// nothing is called done that is not proven done.
final class UnknownWatcher: Watcher {
  private var lastStart: [StepID: Int64] = [:]
  private var lastDoubt: [StepID: Int64] = [:]

  func programStarts(_ request: ProcessRequest, in world: World) {
    guard let (id, purpose) = world.owner(of: request), purpose != .check else { return }
    let others = world.processes.filter { $0.step == id && $0.purpose != .check }
    if !others.isEmpty { world.violate(4, "\(id) was begun while an older attempt is at work.") }
  }

  func committed(_ commit: Commit, in world: World) {
    if case .plan(let change) = commit.entry.body, change.event == .succeed {
      return checkVolatileEffects(commit.after, in: world)
    }
    guard let change = commit.change, let step = commit.step else { return }
    switch change.event {
    case .start: checkStart(commit, step, in: world)
    case .interrupt, .goStale: lastDoubt[step.id] = commit.after.sequence
    case .succeed: checkDone(step, in: world)
    case .prove: if commit.isByRunner { checkProof(step, since: lastDoubt[step.id], in: world) }
    case .skip: checkProof(step, since: 0, in: world)
    case .fail: checkFailure(step, in: world)
    case .approve, .revoke, .beginUndo, .finishUndo, .failUndo: break
    }
  }

  private func checkStart(_ commit: Commit, _ step: StepRecord, in world: World) {
    let earlier = commit.after.steps.prefix { $0.id != step.id }
    if earlier.contains(where: { $0.state != .succeeded && $0.state != .skipped }) {
      world.violate(4, "\(step.id) was started before the steps above it were done.")
    }
    defer { lastStart[step.id] = commit.after.sequence }
    guard let last = lastStart[step.id] else { return }
    if world.consents.contains(where: { $0.step == step.id && $0.sequence > last }) { return }
    guard let frozen = world.scenario.plan.steps.first(where: { $0.id == step.id }) else { return }
    let mayRepeat = frozen.interrupted == .retry
    let wasStale = commit.stepBefore?.state == .stale
    guard mayRepeat || (wasStale && frozen.risk == .low) else {
      return world.violate(4, "\(step.id) was repeated, which neither it nor a person allows.")
    }
  }

  private func checkProof(_ step: StepRecord, since doubt: Int64?, in world: World) {
    let proof = world.ledger.last {
      $0.step == step.id && $0.purpose == .check && $0.kind == .end(good: true)
        && $0.bootID == world.bootID
    }
    guard let proof, proof.sequence >= doubt ?? 0 else {
      return world.violate(4, "\(step.id) is called done, and nothing was looked at.")
    }
    requireEffect(of: step, in: world)
  }

  private func checkDone(_ step: StepRecord, in world: World) {
    if let problem = world.unfinishedWork(of: step) { world.violate(4, problem) }
  }

  private func checkFailure(_ step: StepRecord, in world: World) {
    if world.processes.contains(where: { $0.step == step.id && $0.purpose == .act }) {
      world.violate(4, "\(step.id) is called failed while its program is still at work.")
    }
  }

  private func requireEffect(of step: StepRecord, in world: World) {
    guard !world.effectHolds(of: step.id), !world.isEditedByOthers(step.frozen) else { return }
    world.violate(4, "\(step.id) is called done, but its effect is not there.")
  }

  private func checkVolatileEffects(_ record: PlanRecord, in world: World) {
    for step in record.steps where step.frozen.effects == .volatile {
      guard step.state == .succeeded || step.state == .skipped else { continue }
      guard let argv = step.frozen.action.program?.argv else { continue }
      let flags = world.scenario.model(of: argv)?.effect.flags ?? [:]
      let missing = flags.filter { world.flags.contains($0.key) != $0.value }.keys.sorted()
      guard !missing.isEmpty else { continue }
      world.violate(4, "The plan succeeded, but \(missing) of \(step.id) died with a boot.")
    }
  }
}
