import PawlModel

/// 5. The kernel known to boot is never touched, and no high step starts without words that say
/// how to get back.
final class WayBackWatcher: Watcher {
  func fileWillChange(_ deed: FileDeed, in world: World) {
    guard deed.path == Scenario.fallback, deed.author != .somebodyElse else { return }
    world.violate(5, "\(deed.path), the kernel known to boot, is changed by \(deed.author).")
  }

  func committed(_ commit: Commit, in world: World) {
    guard commit.change?.event == .start, let step = commit.step else { return }
    guard step.frozen.risk == .high else { return }
    let card = String(decoding: world.disk[Scenario.rescue]?.bytes ?? [], as: UTF8.self)
    guard card.contains(world.scenario.plan.rollback), world.disk.isSynced(Scenario.rescue) else {
      return world.violate(5, "\(step.id) is high risk, and the way back is not on the disk.")
    }
  }

  func ended(_ world: World) {
    guard world.disk[Scenario.fallback] != world.scenario.files[Scenario.fallback] else { return }
    world.violate(5, "\(Scenario.fallback) is not what it was.")
  }
}
