import GRDB
import PawlModel

/// One transaction's worth of events: folded, chained and written with their projections.
struct Appender {
  /// The longest payload of an event: what is longer does not belong in a plan.
  static let payloadLimit = 32 << 20

  let db: Database
  let path: String
  let actor: [UInt8]
  let stamp: Stamp
  private(set) var sequence: Int64
  private(set) var hash: Digest
  private(set) var records: [PlanID: PlanRecord] = [:]

  /// Inside an immediate transaction: the end of the chain cannot move while this lives.
  init(_ db: Database, path: String, by actor: Actor, at stamp: Stamp) throws {
    self.db = db
    self.path = path
    self.actor = try CanonicalJSON.encode(actor)
    self.stamp = stamp
    let newest = try EventRows.newest(db)
    sequence = newest?.sequence ?? 0
    hash = newest?.hash ?? .zero
  }

  mutating func create(_ frozen: FrozenPlan) throws -> PlanID {
    try Self.requireDistinctSteps(frozen)
    let newest = try Int64.fetchOne(db, sql: "SELECT max(plan) FROM event") ?? 0
    let id = PlanID(newest + 1)
    let event = try chain(Entry(plan: id, .planCreated(frozen)), attempt: 0)
    let record = try PlanRecord(id: id, frozen: frozen, at: stamp, sequence: event.sequence)
    try EventRows.insert(event, into: db)
    try write(try Projector.creation(of: record, by: event))
    records[id] = record
    return id
  }

  mutating func append(_ entry: Entry, cache: RecordCache) throws {
    let taken = try records.removeValue(forKey: entry.plan) ?? cache.take(entry.plan, from: db)
    guard var record = taken else {
      throw PawlError(
        .noInput, "There is no plan \(entry.plan) in the journal \(path).",
        hint: "Run `pawl history list` to see which there are.")
    }
    let before = StepBefore(entry, in: record)
    try record.apply(entry, at: stamp, sequence: sequence + 1)
    let event = try chain(entry, attempt: before.attempt)
    try EventRows.insert(event, into: db)
    try write(try Projector.history(of: event, entry.body, before: before))
    try write([Projector.plan(record)])
    try write(Projector.touched(by: entry.body, step: entry.step, in: record))
    records[entry.plan] = record
  }

  private mutating func chain(_ entry: Entry, attempt: Int) throws(PawlError) -> EventRecord {
    let payload = try entry.body.payload()
    guard payload.count <= Self.payloadLimit else {
      throw PawlError(
        .refused,
        "An event of plan \(entry.plan) is \(payload.count) bytes long; the journal takes "
          + "\(Self.payloadLimit) at most.", hint: "Split the plan.")
    }
    var event = EventRecord(
      sequence: sequence + 1, plan: entry.plan, step: entry.step, attempt: attempt,
      kind: entry.body.kind.rawValue, stamp: stamp, actor: actor, payload: payload,
      previous: hash, hash: .zero)
    event.hash = event.expectedHash()
    (sequence, hash) = (event.sequence, event.hash)
    return event
  }

  private func write(_ changes: [RowChange]) throws {
    for change in changes { try change.execute(db, path: path) }
  }

  private static func requireDistinctSteps(_ plan: FrozenPlan) throws(PawlError) {
    var seen: Set<StepID> = []
    for step in plan.steps where step.id.name.isEmpty || !seen.insert(step.id).inserted {
      throw PawlError(
        .badRecipe, "The plan has two steps named \"\(step.id)\", or one without a name.",
        hint: "Give each step of the recipe an id of its own.")
    }
  }
}

extension EventBody {
  /// The same, for the copy that is kept on another disk.
  var movesHeadCopy: Bool {
    if case .checkpoint = self { return false }
    return movesHead
  }

  /// Whether the head of the journal is kept elsewhere too once this event is durable.
  var movesHead: Bool {
    switch self {
    case .checkpoint: true
    case .step(let change): change.event == .approve
    case .plan(let change):
      switch change.event {
      case .wait, .succeed, .fail, .finishRollback, .failRollback, .abandon: true
      case .run, .beginRollback: false
      }
    case .planCreated, .backup, .fileChanged, .tree, .control, .output, .note: false
    // A journal that was put back must not arm or judge a second time.
    case .trial: true
    }
  }
}
