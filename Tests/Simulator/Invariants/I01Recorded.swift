import PawlHost
import PawlModel

/// 1. The intent of a step is durable before its first side effect; what a succeeded step wrote
/// is itself on the disk before the journal says so.
final class RecordedWatcher: Watcher {
  /// A person's word records nothing about files.
  private var provenByPeople: Set<StepID> = []

  func programStarts(_ request: ProcessRequest, in world: World) {
    guard let (id, purpose) = world.owner(of: request), purpose != .check else { return }
    guard let record = world.record, let step = record.step(id) else { return }
    let intended: StepState = purpose == .undo ? .undoing : .started
    guard step.state == intended else {
      return world.violate(
        1, "The \(purpose) of \(id) began while the journal calls it \(step.state.rawValue).")
    }
    guard request.token == step.attemptToken(plan: record.id, journal: "simulated") else {
      return world.violate(1, "The \(purpose) of \(id) began under another attempt's token.")
    }
  }

  func fileWillChange(_ deed: FileDeed, in world: World) {
    guard case .pawl(let id) = deed.author, deed.path != Scenario.rescue else { return }
    guard let id, let step = world.record?.step(id) else {
      return world.violate(1, "\(deed.path) was changed while no step is recorded as at work.")
    }
    guard step.frozen.mayTouch(deed.path) else {
      return world.violate(1, "\(deed.path) was changed during \(id), which does not name it.")
    }
  }

  func committed(_ commit: Commit, in world: World) {
    guard let event = commit.change?.event, let step = commit.step else { return }
    if event == .prove, !commit.isByRunner { provenByPeople.insert(step.id) }
    switch event {
    case .succeed, .prove, .skip, .finishUndo: break
    case .approve, .revoke, .start, .fail, .interrupt, .goStale, .beginUndo, .failUndo: return
    }
    guard step.frozen.effects == .durable else { return }
    let lost = world.disk.unsyncedPaths.filter { world.authors[$0]?.step == step.id }
    guard lost.isEmpty else {
      return world.violate(
        1, "\(step.id) is recorded as \(step.state.rawValue), but \(lost) is only in the cache.")
    }
  }

  func survived(_ crash: CrashKind, in world: World) { compareWithDisk(world) }

  func ended(_ world: World) {
    compareWithDisk(world)
    guard let record = world.record, record.state == .succeeded else { return }
    for step in record.steps where step.state != .succeeded && step.state != .skipped {
      world.violate(1, "The plan succeeded, but \(step.id) is \(step.state.rawValue).")
    }
  }

  /// What a step is recorded to have left is what stands there, unless somebody wrote after it.
  private func compareWithDisk(_ world: World) {
    for step in world.record?.steps ?? [] where step.state == .succeeded {
      guard step.frozen.effects == .durable, !provenByPeople.contains(step.id) else { continue }
      for change in step.changes.values where world.authors[change.path]?.step == step.id {
        let found = world.disk.state(at: change.path)
        guard !found.sameContent(as: change.after) else { continue }
        world.violate(
          1, "\(step.id) left \(change.path) \(change.after.word); \(found.word) is there.")
      }
    }
  }
}
