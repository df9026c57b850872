import PawlHost
import PawlModel

/// 10. Every program runs as whom the plan froze, in exactly the frozen environment; files are
/// changed with the permissions of the step; root never runs `make`.
final class IdentityWatcher: Watcher {
  func programStarts(_ request: ProcessRequest, in world: World) {
    guard let (id, purpose) = world.owner(of: request) else { return }
    guard let step = world.scenario.plan.steps.first(where: { $0.id == id }) else { return }
    if request.identity != step.runsAs {
      world.violate(10, "\(id) ran as \(request.identity.name), not as \(step.runsAs.name).")
    }
    if request.argv.first == "make", request.identity.isRoot {
      world.violate(10, "Root ran make.")
    }
    let own: [String: String] =
      switch purpose {
      case .act: step.action.program?.environment ?? [:]
      case .check: step.check?.environment ?? [:]
      case .undo: step.undo?.environment ?? [:]
      }
    var environment = world.scenario.plan.environment
    environment["HOME"] = step.runsAs.home
    environment["USER"] = step.runsAs.name
    environment.merge(own) { _, own in own }
    environment["PAWL_ATTEMPT"] = request.token
    var found = request.environment
    // After a power cut a compiler cache is not believed.
    found["CCACHE_RECACHE"] = environment["CCACHE_RECACHE"]
    if found != environment {
      world.violate(10, "\(id) got another environment than the frozen one.")
    }
  }

  func fileIsTouched(_ path: String, as identity: Identity, in world: World) {
    let step = world.stepsAtWork.first { $0.frozen.mayTouch(path) }?.frozen
    guard let step, step.runsAs != identity else { return }
    world.violate(10, "\(path) was changed as \(identity.name), not as \(step.runsAs.name).")
  }
}
