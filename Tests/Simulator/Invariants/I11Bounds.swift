import PawlEngine
import PawlModel

/// 11. Output, attempts and events are bounded; what could not be recorded is not started.
final class BoundsWatcher: Watcher {
  func outputGrew(_ key: EventLog.OutputKey, to bytes: Int64, in world: World) {
    let limits = Simulation.limits
    // The sentence that says what was cut stands between head and tail.
    let bound = limits.outputHead + Int64(limits.outputTail) + 100
    guard bytes > bound else { return }
    world.violate(11, "Attempt \(key.attempt) of \(key.step) has \(bytes) bytes of output.")
  }

  func committed(_ commit: Commit, in world: World) {
    if world.log.records.count == 3000 { world.violate(11, "The plan has 3000 events.") }
    guard commit.change?.event == .start, let step = commit.step else { return }
    guard world.isFull, let filled = world.filledAt, filled < world.lastSafePoint else { return }
    world.violate(11, "\(step.id) was started with no space for its outcome.")
  }
}
