import PawlModel

/// 5. Until a new kernel has proved itself, a boot that nobody interferes with starts the kernel
/// known to boot, and after a rollback it does so again, with nothing of the new one left.
final class MenuWatcher: Watcher {
  private var isReported = false

  func survived(_ crash: CrashKind, in world: World) { checkPlainBoot(world) }

  func committed(_ commit: Commit, in world: World) {
    guard world.scenario.hasMenu else { return }
    checkPlainBoot(world)
    if case .plan(let change) = commit.entry.body, change.event == .finishRollback {
      checkNothingLeft(world)
    }
    checkRefusedRestart(commit, in: world)
  }

  func ended(_ world: World) { checkPlainBoot(world) }

  private func checkPlainBoot(_ world: World) {
    guard !isReported, world.scenario.hasMenu, let record = world.record else { return }
    let allowed = Self.releasesAllowed(by: record)
    switch world.plainBoot {
    case .starts(let release):
      if allowed.contains(release) { return }
      isReported = true
      world.violate(5, "A plain boot would start \(release), not \(allowed.sorted()).")
    case .startsOthers: return
    case .stuck(let why):
      isReported = true
      world.violate(5, "A plain boot would start nothing: \(why).")
    }
  }

  private static func releasesAllowed(by record: PlanRecord) -> Set<String> {
    let old: Set = [Scenario.oldRelease]
    let promotion = record.steps.first { step in
      guard case .command(let command) = step.frozen.action else { return false }
      return command.argv.contains("promote")
    }
    switch promotion?.state {
    case .succeeded, .skipped: return [Scenario.newRelease]
    case .started, .interrupted, .failed, .undoing, .undoFailed, .stale:
      return [Scenario.oldRelease, Scenario.newRelease]
    case .pending, .approved:
      return promotion?.attempts == 0 ? old : [Scenario.oldRelease, Scenario.newRelease]
    case .undone, nil: return old
    }
  }

  private func checkNothingLeft(_ world: World) {
    if world.oneShot != nil {
      world.violate(
        5, "The plan is rolled back, and the loader still starts \(world.oneShot ?? "").")
    }
    let folders = ["/boot", "/lib/modules", "/usr/lib/modules", SimulatedMenu.fragment]
    let left = world.disk.live.keys.filter { path in
      folders.contains { path == $0 || path.hasPrefix($0 + "/") }
        && !world.isOthers(path)
        && (path.contains(Scenario.newRelease) || path.hasPrefix("/boot/pawl/")
          || path == SimulatedMenu.fragment)
    }
    if !left.isEmpty { world.violate(5, "The plan is rolled back, and left \(left.sorted()).") }
    let names = world.menu?.entries.filter { $0.isOwn || $0.release == Scenario.newRelease } ?? []
    for entry in names where !world.isOthers(entry.image) {
      world.violate(5, "The plan is rolled back, and the menu has \(entry.id).")
    }
  }

  /// The host goes down for somebody else's request: that is what was asked for.
  private func checkRefusedRestart(_ commit: Commit, in world: World) {
    guard commit.change?.event == .failUndo, world.isRestartAsked else { return }
    guard commit.step?.frozen.action.trialTerms != nil else { return }
    world.violate(5, "The rollback stopped while the host was on its way to the old kernel.")
  }
}
