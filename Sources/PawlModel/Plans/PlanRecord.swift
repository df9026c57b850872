/// A plan as its events leave it: the value that every decision is made from. The journal's
/// projections are the same fold, written as rows.
public struct PlanRecord: Sendable, Hashable {
  public let id: PlanID
  public var frozen: FrozenPlan
  public var digest: Digest
  public var state: PlanState
  public var steps: [StepRecord]
  /// What a person asked for and no safe point has taken up yet.
  public var control: ControlRequest?
  /// Why the plan stands where it stands.
  public var why: String?
  public var created: Stamp
  public var updated: Stamp
  /// The newest event that is in this value.
  public var sequence: Int64

  /// A plan exists from its first event on.
  public init(id: PlanID, frozen: FrozenPlan, at stamp: Stamp, sequence: Int64) throws(PawlError) {
    let digests = try PlanDigests(frozen)
    self.id = id
    self.frozen = frozen
    digest = digests.plan
    state = .planned
    steps = frozen.steps.map { StepRecord(frozen: $0, digest: digests.steps[$0.id] ?? .zero) }
    created = stamp
    updated = stamp
    self.sequence = sequence
  }

  public func step(_ id: StepID) -> StepRecord? { index(of: id).map { steps[$0] } }

  public func index(of id: StepID?) -> Int? {
    guard let id else { return nil }
    return steps.indices.first { steps[$0].frozen.id == id }
  }

  /// The first step in a state that is asked for. By index: a step is a large value, and every
  /// decision looks through all of them.
  public func firstStep(where isWanted: (StepState) -> Bool) -> StepRecord? {
    steps.indices.first { isWanted(steps[$0].state) }.map { steps[$0] }
  }

  /// The interrupted step that only a person can settle: one that may be repeated is begun again by
  /// `pawl resume`.
  public var stepToResolve: StepRecord? {
    steps.first { $0.state == .interrupted && $0.frozen.interrupted != .retry }
  }

  /// The consent that is missing before the plan can run to its end, in order.
  public var unapproved: [StepRecord] {
    steps.filter { step in
      switch step.state {
      case .pending: true
      case .failed: state == .failed
      case .interrupted, .stale: state == .waiting(.approval)
      case .approved, .started, .succeeded, .skipped, .undoing, .undone, .undoFailed: false
      }
    }
  }
}
