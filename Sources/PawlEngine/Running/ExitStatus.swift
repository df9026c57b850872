import PawlModel

extension PlanState {
  /// What `run` and `resume` exit with once the plan goes no further by itself.
  public var exitStatus: Int32 {
    switch self {
    case .succeeded: 0
    case .failed: 1
    case .planned, .waiting(.approval): 3
    case .rolledBack: 4
    case .running, .rollingBack, .waiting(.person), .waiting(.resources), .rollbackFailed: 5
    case .abandoned: 6
    case .waiting(.trial): 7
    case .waiting(.reboot): 102
    }
  }
}

/// The one thing to do next, in words: `status` always ends with it.
public struct NextAdvice: Sendable, Hashable {
  public let sentence: String

  public init(plan: PlanRecord, runnerIsAlive: Bool) {
    let id = plan.id
    switch plan.state {
    case .planned, .waiting(.approval):
      let missing = plan.firstUnfinished.map { " (next: step \"\($0.id)\")" } ?? ""
      sentence =
        plan.unapproved.isEmpty
        ? "pawl run \(id)" : "pawl run \(id)   approves what is missing\(missing) and goes on"
    case .running, .rollingBack:
      sentence =
        runnerIsAlive
        ? "nothing to do; pawl watch shows it at work"
        : "pawl resume \(id)   the runner is gone; nothing is lost"
    case .waiting(.reboot): sentence = "restart this host, then pawl resume \(id)"
    case .waiting(.trial): sentence = "pawl confirm \(id)   or   pawl reject \(id)"
    case .waiting(.resources): sentence = "free what is short, then pawl resume \(id)"
    case .waiting(.person): sentence = Self.forPerson(plan)
    case .succeeded: sentence = "nothing to do"
    case .failed:
      sentence =
        "pawl logs \(id)   then pawl approve \(id) and pawl resume \(id), or pawl rollback \(id)"
    case .rolledBack: sentence = "nothing to do; the host is as it was before plan \(id)"
    case .rollbackFailed: sentence = "pawl show \(id)   then pawl rollback \(id) once more"
    case .abandoned: sentence = "nothing to do"
    }
  }

  private static func forPerson(_ plan: PlanRecord) -> String {
    let id = plan.id
    if let step = plan.steps.first(where: { $0.state == .interrupted }) {
      return "pawl resolve \(id) --step \(step.id) done|retry|undo"
    }
    return "pawl resume \(id)   or   pawl rollback \(id)"
  }
}
