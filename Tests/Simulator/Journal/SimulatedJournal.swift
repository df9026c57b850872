import PawlJournal
import PawlModel

/// What is durable of the journal: an append is there as a whole or not at all.
struct EventLog {
  var records: [EventRecord] = []
  var plans: [PlanID: PlanRecord] = [:]
  var frozenAtCreation: [PlanID: FrozenPlan] = [:]
  var blobs: [Digest: [UInt8]] = [:]
  var outputs: [OutputKey: Int64] = [:]
  var chunks = 0
  /// How the next event's hash is made. Mutants have another way.
  var hash: (EventRecord) -> Digest = { $0.expectedHash() }

  struct OutputKey: Hashable {
    var plan: PlanID
    var step: StepID
    var attempt: Int
  }

  var newest: Int64 { Int64(records.count) }
}

/// The journal as one process sees it: the same chain and the same fold as the real one, in memory.
public final class SimulatedJournal: JournalStore {
  let world: World
  /// nil for people and tests, who do not crash.
  let life: Int?
  public let journalID = "simulated"

  public init(world: World, life: Int? = nil) {
    self.world = world
    self.life = life
  }

  public func createPlan(
    _ plan: FrozenPlan, by actor: Actor, at stamp: Stamp
  ) throws -> PlanID {
    guard Set(plan.steps.map(\.id)).count == plan.steps.count else {
      throw PawlError(.badRecipe, "Two steps of the plan have one name.")
    }
    let id = PlanID(Int64(world.log.plans.count + 1))
    let sequence = world.log.newest + 1
    let record = try PlanRecord(id: id, frozen: plan, at: stamp, sequence: sequence)
    let entry = Entry(plan: id, .planCreated(plan))
    try world.reach(.appendBefore, life: life)
    world.log.records.append(
      try row(entry, attempt: 0, after: world.log.records.last, actor, stamp))
    world.log.plans[id] = record
    world.log.frozenAtCreation[id] = plan
    try world.reach(.appendAfter, life: life)
    return id
  }

  @discardableResult
  public func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    try world.reach(.appendBefore, life: life)
    if life != nil, world.journalFailures > 0 {
      world.journalFailures -= 1
      world.failedWrites += 1
      throw PawlError(.inputOutput, "The journal cannot be written.")
    }
    let (rows, commits) = try fold(entries, by: actor, at: stamp)
    world.log.records += rows
    for commit in commits { world.log.plans[commit.entry.plan] = commit.after }
    commits.forEach(noteCommit)
    try world.reach(.appendAfter, life: life)
    return world.log.newest
  }

  public func secureSpace() throws {
    try alive()
    guard !world.isFull else { throw PawlError(.diskFull, "There is no space for an outcome.") }
  }

  private func fold(
    _ entries: [Entry], by actor: Actor, at stamp: Stamp
  ) throws -> ([EventRecord], [Commit]) {
    var rows: [EventRecord] = []
    var commits: [Commit] = []
    for entry in entries {
      let latest = commits.last { $0.entry.plan == entry.plan }?.after
      guard let before = latest ?? world.log.plans[entry.plan] else {
        throw PawlError(.noInput, "There is no plan \(entry.plan) in this journal.")
      }
      let previous = rows.last ?? world.log.records.last
      var after = before
      try after.apply(entry, at: stamp, sequence: (previous?.sequence ?? 0) + 1)
      rows.append(
        try row(entry, attempt: before.attempt(of: entry), after: previous, actor, stamp))
      commits.append(Commit(entry: entry, before: before, after: after, actor: actor))
    }
    return (rows, commits)
  }

  private func row(
    _ entry: Entry, attempt: Int, after previous: EventRecord?, _ actor: Actor, _ stamp: Stamp
  ) throws -> EventRecord {
    var record = EventRecord(
      sequence: (previous?.sequence ?? 0) + 1, plan: entry.plan, step: entry.step,
      attempt: attempt, kind: entry.body.kind.rawValue, stamp: stamp,
      actor: try CanonicalJSON.encode(actor), payload: try entry.body.payload(),
      previous: previous?.hash ?? .zero, hash: .zero)
    record.hash = world.log.hash(record)
    return record
  }

  private func noteCommit(_ commit: Commit) {
    world.trace.mix(commit.after.state.word)
    world.trace.add(commit.line)
    world.coverage.count(commit)
    world.watchers.forEach { $0.committed(commit, in: world) }
  }

  public func plan(_ id: PlanID) throws -> PlanRecord? {
    try alive()
    return world.log.plans[id]
  }

  public func newestSequence(of plan: PlanID) throws -> Int64 {
    try alive()
    return world.log.plans[plan]?.sequence ?? 0
  }

  private func alive() throws {
    if let life, life != world.life { throw SimulatedCrash() }
  }

  // MARK: - Blobs and output

  public func storeBlob(
    _ fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> Digest {
    try world.reach(.blobBefore, life: life)
    guard !world.isFull else { throw PawlError(.diskFull, "There is no space for a backup.") }
    var bytes: [UInt8] = []
    try fill { bytes += $0 }
    try alive()
    let digest = SHA256.hash(bytes)
    world.log.blobs[digest] = bytes
    try world.reach(.blobAfter, life: life)
    return digest
  }

  public func readBlob(_ digest: Digest, chunk: ([UInt8]) throws -> Void) throws {
    try alive()
    guard let bytes = world.log.blobs[digest] else {
      throw PawlError(.damagedJournal, "The journal has no bytes for \(digest.short).")
    }
    if !bytes.isEmpty { try chunk(bytes) }
  }

  public func outputBytes(plan: PlanID, step: StepID, attempt: Int) throws -> Int64 {
    try alive()
    return world.log.outputs[EventLog.OutputKey(plan: plan, step: step, attempt: attempt)] ?? 0
  }

  public func appendOutput(_ bytes: [UInt8], plan: PlanID, step: StepID, attempt: Int) throws {
    try world.reach(.outputBefore, life: life)
    guard !world.isFull else { throw PawlError(.diskFull, "There is no space for output.") }
    let key = EventLog.OutputKey(plan: plan, step: step, attempt: attempt)
    world.log.outputs[key, default: 0] += Int64(bytes.count)
    world.log.chunks += 1
    world.watchers.forEach { $0.outputGrew(key, to: world.log.outputs[key] ?? 0, in: world) }
    try world.reach(.outputAfter, life: life)
  }
}
