import PawlModel

/// 7. Nothing goes round: no step is started more often than people, crashes and boots explain,
/// and no rollback begins by itself more than once.
final class LoopWatcher: Watcher {
  private var starts: [StepID: Int] = [:]
  private var rollbacks = 0
  private var asked = 0

  func committed(_ commit: Commit, in world: World) {
    switch commit.entry.body {
    case .control: if !commit.isByRunner { asked += 1 }
    case .plan(let change):
      if change.event == .beginRollback { checkRollback(in: world) }
    case .step(let change):
      if change.event == .start, let id = commit.entry.step { checkStart(of: id, in: world) }
    case .planCreated, .backup, .fileChanged, .checkpoint, .tree, .trial, .output, .note: break
    }
  }

  private func checkRollback(in world: World) {
    rollbacks += 1
    guard rollbacks <= asked + 1 else {
      return world.violate(7, "\(rollbacks) rollbacks were begun, \(asked) were asked for.")
    }
  }

  func ended(_ world: World) {
    guard world.trialBoots > 1 else { return }
    world.violate(7, "The new kernel was started \(world.trialBoots) times for its trial.")
  }

  private func checkStart(of id: StepID, in world: World) {
    starts[id, default: 0] += 1
    let consents = world.consents.filter { $0.step == id }.count
    let allowed = max(1, consents) + world.crashes + world.boots + world.failedWrites + asked
    guard starts[id, default: 0] <= allowed else {
      return world.violate(7, "\(id) was started \(starts[id, default: 0]) times.")
    }
  }
}
