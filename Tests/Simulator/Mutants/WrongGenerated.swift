import PawlJournal
import PawlModel

/// Takes generated files for files like others, once they are undone.
final class PutsBackGenerated: MutantJournal {
  override func plan(_ id: PlanID) throws -> PlanRecord? {
    try inner.plan(id)?.changingStepsThatAreUndone { step in
      step.frozen.backups += step.frozen.generated ?? []
      step.frozen.generated = nil
    }
  }
}

final class MakesAnewTooEarly: MutantJournal {
  override func plan(_ id: PlanID) throws -> PlanRecord? {
    try inner.plan(id)?.changingStepsThatAreUndone { step in
      for path in step.frozen.generated ?? [] { step.backups[path] = nil }
      step.frozen.generated = nil
    }
  }
}

final class FreezesGenerated: MutantJournal {
  override func createPlan(
    _ plan: FrozenPlan, by actor: Actor, at stamp: Stamp
  ) throws -> PlanID {
    var plan = plan
    for index in plan.steps.indices {
      for path in plan.steps[index].generated ?? [] {
        let digest = inner.world.disk[path]?.digest
        plan.steps[index].facts.append(
          Fact(path: path, expectation: digest.map { .digest($0) } ?? .absent))
      }
    }
    return try inner.createPlan(plan, by: actor, at: stamp)
  }
}

final class KeepsNoGenerated: MutantJournal {
  override func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    let kept = entries.filter { entry in
      guard case .backup(let backup) = entry.body else { return true }
      return !inner.world.isGenerated(backup.path)
    }
    return try inner.append(kept, by: actor, at: stamp)
  }
}

extension PlanRecord {
  fileprivate func changingStepsThatAreUndone(
    _ change: (inout StepRecord) -> Void
  ) -> PlanRecord {
    var copy = self
    for index in copy.steps.indices where copy.steps[index].state == .undoing {
      change(&copy.steps[index])
    }
    return copy
  }
}
