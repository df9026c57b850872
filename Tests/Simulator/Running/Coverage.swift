import PawlModel

/// How often each legal transition of both machines was taken.
public struct Coverage: Sendable {
  private var steps: [StepMove: Int] = [:]
  private var plans: [PlanMove: Int] = [:]

  public init() {}

  struct StepMove: Hashable {
    var state: StepState
    var event: StepEvent
  }

  struct PlanMove: Hashable {
    var state: PlanState
    var event: PlanEvent
  }

  mutating func count(_ commit: Commit) {
    switch commit.entry.body {
    case .step(let change):
      guard let state = commit.stepBefore?.state else { return }
      steps[StepMove(state: state, event: change.event), default: 0] += 1
    case .plan(let change):
      plans[PlanMove(state: commit.before.state, event: change.event), default: 0] += 1
    case .planCreated, .backup, .fileChanged, .checkpoint, .tree, .trial, .control, .output, .note:
      break
    }
  }

  public mutating func add(_ other: Coverage) {
    steps.merge(other.steps, uniquingKeysWith: +)
    plans.merge(other.plans, uniquingKeysWith: +)
  }

  /// Every legal transition with its count, as `pending approve` or `running wait(person)`.
  public var table: [(name: String, count: Int)] {
    Self.legalSteps.map { ("step \($0.state.rawValue) \($0.event.rawValue)", steps[$0] ?? 0) }
      + Self.legalPlans.map { ("plan \($0.state.name) \($0.event)", plans[$0] ?? 0) }
  }

  public var missing: [String] { table.filter { $0.count == 0 }.map(\.name) }

  private static let legalSteps: [StepMove] = StepState.allCases.flatMap { state in
    StepEvent.allCases.filter { StepMachine.next(state, $0) != nil }
      .map { StepMove(state: state, event: $0) }
  }

  private static let legalPlans: [PlanMove] = PlanState.allCases.flatMap { state in
    PlanEvent.allCases.filter {
      PlanMachine.next(state, $0) != nil
    }.map { PlanMove(state: state, event: $0) }
  }
}

extension PlanState {
  fileprivate var name: String { waitReason.map { "\(word)(\($0))" } ?? word }
}
