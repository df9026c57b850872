import PawlModel

/// 6. A restart has succeeded only under another boot, and with the kernel that was expected.
final class RebootWatcher: Watcher {
  private var startedUnder: [StepID: BootID] = [:]

  func committed(_ commit: Commit, in world: World) {
    guard let step = commit.step, let event = commit.change?.event else { return }
    guard case .restart(_, _, let expected, let terms) = step.frozen.action else { return }
    if event == .start { startedUnder[step.id] = world.bootID }
    guard event == .succeed || event == .prove, commit.isByRunner else { return }
    if startedUnder[step.id] == world.bootID {
      world.violate(6, "\(step.id) is called done in the boot in which it was asked for.")
    }
    if let expected, world.release != expected {
      world.violate(6, "\(step.id) is called done; \(world.release) runs and not \(expected).")
    }
    guard let terms else { return }
    if !world.commandLine.contains("pawl.trial=\(terms.token)") {
      world.violate(6, "\(step.id) is called done, and the trial entry was not what was started.")
    }
    if world.scenario.trialKernel != .works {
      world.violate(6, "\(step.id) is called done; its kernel \(world.scenario.trialKernel).")
    }
  }
}
