import PawlHost
import PawlModel

/// 9. A plan runs from what was frozen when it was made; only a revoked approval freezes facts
/// anew.
final class FrozenWatcher: Watcher {
  private var facts: [StepID: [Fact]] = [:]

  func programStarts(_ request: ProcessRequest, in world: World) {
    guard let (id, purpose) = world.owner(of: request) else {
      return world.violate(9, "\(request.argv) is not in the plan that was frozen.")
    }
    guard let step = world.scenario.plan.steps.first(where: { $0.id == id }) else { return }
    let command: Command? =
      switch purpose {
      case .act: step.action.program
      case .check: step.check
      case .undo: step.undo
      }
    var directory = command?.directory ?? "/"
    if case .build(let own, let command) = step.action, purpose == .act {
      directory = command.directory ?? own
    }
    guard request.directory == directory else {
      return world.violate(9, "\(request.argv) ran in \(request.directory), not \(directory).")
    }
    guard purpose == .check || request.timeoutSeconds == step.timeoutSeconds else {
      return world.violate(9, "\(id) got another timeout than the frozen one.")
    }
  }

  func committed(_ commit: Commit, in world: World) {
    guard let change = commit.change, change.event == .revoke, let id = commit.entry.step else {
      return
    }
    if let new = change.facts { facts[id] = new }
  }

  func survived(_ crash: CrashKind, in world: World) { compare(world) }
  func ended(_ world: World) { compare(world) }

  private func compare(_ world: World) {
    guard let record = world.record else { return }
    var expected = world.scenario.plan
    for index in expected.steps.indices {
      if let refrozen = facts[expected.steps[index].id] { expected.steps[index].facts = refrozen }
    }
    if record.frozen != expected { world.violate(9, "The frozen plan is not what was frozen.") }
    if record.steps.map(\.frozen) != expected.steps {
      world.violate(9, "A step of the plan is not what was frozen.")
    }
  }
}
