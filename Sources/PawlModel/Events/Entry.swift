/// An event on its way into the journal.
public struct Entry: Sendable, Hashable {
  public var plan: PlanID
  public var step: StepID?
  public var body: EventBody

  public init(plan: PlanID, step: StepID? = nil, _ body: EventBody) {
    self.plan = plan
    self.step = step
    self.body = body
  }
}

/// An event as it stands in the journal. The hash covers every other column.
public struct EventRecord: Sendable, Hashable {
  /// From 1, without gaps. The order of events, whatever the clocks say.
  public var sequence: Int64
  public var plan: PlanID
  public var step: StepID?
  /// From 1 with a step's first start; 0 before it and for what belongs to no step.
  public var attempt: Int
  public var kind: String
  public var stamp: Stamp
  /// Canonical JSON of an `Actor`.
  public var actor: [UInt8]
  public var payload: [UInt8]
  public var previous: Digest
  public var hash: Digest

  public init(
    sequence: Int64, plan: PlanID, step: StepID?, attempt: Int, kind: String, stamp: Stamp,
    actor: [UInt8], payload: [UInt8], previous: Digest, hash: Digest
  ) {
    self.sequence = sequence
    self.plan = plan
    self.step = step
    self.attempt = attempt
    self.kind = kind
    self.stamp = stamp
    self.actor = actor
    self.payload = payload
    self.previous = previous
    self.hash = hash
  }

  /// The hash this event should carry: over every column, each with its length, so that no two
  /// different rows have the same bytes.
  public func expectedHash() -> Digest {
    var hasher = SHA256()
    func add(_ bytes: some Collection<UInt8>) {
      hasher.update(Array("\(bytes.count):".utf8))
      hasher.update(bytes)
    }
    add(Array("pawl.event/1".utf8))
    add(Array(String(sequence).utf8))
    add(Array(String(plan.number).utf8))
    add(Array((step.map { "s\($0.name)" } ?? "-").utf8))
    add(Array(String(attempt).utf8))
    add(Array(kind.utf8))
    add(Array(String(stamp.wallMillis).utf8))
    add(Array(stamp.bootID.utf8))
    add(Array(String(stamp.bootMillis).utf8))
    add(actor)
    add(payload)
    add(Array(previous.hex.utf8))
    return hasher.finish()
  }

  public func body() throws(PawlError) -> EventBody {
    guard let known = EventKind(rawValue: kind) else {
      throw PawlError(
        .damagedJournal, "Event \(sequence) is of a kind this Pawl does not know: \(kind).",
        hint: "Run `pawl history verify`.")
    }
    return try EventBody(kind: known, payload: payload)
  }
}
