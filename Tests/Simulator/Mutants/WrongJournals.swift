import PawlJournal
import PawlModel

/// Says yes to an intent and writes it with whatever comes next.
final class IntentAfterAct: MutantJournal {
  private var held: [Entry] = []
  private var stamp: Stamp?

  override func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    if entries.contains(where: { $0.isStep(.start) }) {
      held += entries
      self.stamp = stamp
      return try newestSequence(of: World.planID)
    }
    let all = held + entries
    held = []
    return try inner.append(all, by: actor, at: stamp)
  }

  override func plan(_ id: PlanID) throws -> PlanRecord? {
    guard let record = try inner.plan(id), let stamp else { return try inner.plan(id) }
    return try record.applying(held, at: stamp)
  }

  override func newestSequence(of plan: PlanID) throws -> Int64 {
    try inner.newestSequence(of: plan) + Int64(held.count)
  }
}

/// Where an approval is missing, gives one.
final class ForgedApproval: MutantJournal {
  override func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    let waits = entries.contains { $0.isPlan(.wait(.approval)) }
    let last = try inner.append(entries, by: actor, at: stamp)
    let waiting = try inner.plan(World.planID)?.firstUnfinished
    guard waits, let step = waiting, step.state == .pending else { return last }
    let approval = Approval(digest: step.digest, given: "digest")
    return try inner.append(
      [Entry(plan: World.planID, step: step.id, .step(StepChange(.approve, approval: approval)))],
      by: actor, at: stamp)
  }
}

final class IgnoredFacts: MutantJournal {
  override func plan(_ id: PlanID) throws -> PlanRecord? {
    guard var record = try inner.plan(id) else { return nil }
    for index in record.steps.indices { record.steps[index].frozen.facts = [] }
    return record
  }
}

final class SkippedBackup: MutantJournal {
  override func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    try inner.append(entries.filter { $0.body.kind != .backup }, by: actor, at: stamp)
  }
}

final class ForgottenBlob: MutantJournal {
  override func storeBlob(
    _ fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> Digest {
    var hasher = SHA256()
    try fill { hasher.update($0) }
    return hasher.finish()
  }
}

final class RetriesEverything: MutantJournal {
  override func createPlan(
    _ plan: FrozenPlan, by actor: Actor, at stamp: Stamp
  ) throws -> PlanID {
    var plan = plan
    for index in plan.steps.indices { plan.steps[index].interrupted = .retry }
    return try inner.createPlan(plan, by: actor, at: stamp)
  }
}

final class CallsItDone: MutantJournal {
  override func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    var all: [Entry] = []
    for entry in entries {
      all.append(entry)
      guard entry.isStep(.interrupt) else { continue }
      all.append(Entry(plan: entry.plan, step: entry.step, .step(StepChange(.prove))))
    }
    return try inner.append(all, by: actor, at: stamp)
  }
}

final class ForgetsFailures: MutantJournal {
  override func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    try inner.append(entries.filter { !$0.isStep(.fail) }, by: actor, at: stamp)
  }
}

final class RollsBackForEver: MutantJournal {
  override func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    let failed = entries.contains { $0.isPlan(.failRollback) }
    let again = Entry(plan: World.planID, .control(.rollback))
    return try inner.append(failed ? entries + [again] : entries, by: actor, at: stamp)
  }
}

final class EditsARow: MutantJournal {
  override func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    let last = try inner.append(entries, by: actor, at: stamp)
    if last > 4 { inner.world.log.records[3].stamp.wallMillis += 1 }
    return last
  }
}

final class EditsAProjection: MutantJournal {
  override func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    let last = try inner.append(entries, by: actor, at: stamp)
    inner.world.log.plans[World.planID]?.steps[0].why = "Edited by hand."
    return last
  }
}

final class UpgradesThePlan: MutantJournal {
  override func plan(_ id: PlanID) throws -> PlanRecord? {
    guard var record = try inner.plan(id) else { return nil }
    for index in record.steps.indices { record.steps[index].frozen.timeoutSeconds += 1 }
    return record
  }
}

final class FreezesLess: MutantJournal {
  override func createPlan(
    _ plan: FrozenPlan, by actor: Actor, at stamp: Stamp
  ) throws -> PlanID {
    var plan = plan
    for index in plan.steps.indices { plan.steps[index].undo = nil }
    return try inner.createPlan(plan, by: actor, at: stamp)
  }
}

extension Entry {
  fileprivate func isStep(_ event: StepEvent) -> Bool {
    if case .step(let change) = body { change.event == event } else { false }
  }

  fileprivate func isPlan(_ event: PlanEvent) -> Bool {
    if case .plan(let change) = body { change.event == event } else { false }
  }
}

final class SetsNothingAside: MutantJournal {
  override func secureSpace() throws {}
}
