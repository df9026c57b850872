import PawlEngine
import PawlHost
import PawlModel

/// Requests that a runner takes up at its next safe point; where none is at work, at once.
struct Control {
  let session: Session

  func request(_ request: ControlRequest, of id: PlanID) throws {
    let plan = try session.plan(id)
    guard !plan.state.isSettled || (plan.state == .failed && request == .abandon) else {
      throw PawlError(
        .refused, "Plan \(id) is \(plan.state.word) already.",
        hint: "pawl history show \(id) tells what it did.")
    }
    try session.append([Entry(plan: id, .control(request))], how: "command")
    guard session.runnerPID == nil else {
      print("Asked. Plan \(id) stops at the next safe point; pawl watch shows when.")
      return
    }
    let settled = try settleWithoutRunner(id)
    print("Plan \(id) is \(settled.state.inWords).")
    print("Next: \(NextAdvice(plan: settled, runnerIsAlive: false).sentence)")
  }

  /// Only what needs no look at the machine: a plan in flight is left to `pawl resume`.
  private func settleWithoutRunner(_ id: PlanID) throws -> PlanRecord {
    let plan = try session.plan(id)
    let seen = Observations(bootID: session.host.now().bootID)
    guard case .recordPlan(let change) = Decision.next(plan, seen) else { return plan }
    switch change.event {
    case .abandon, .wait(.person):
      try session.append([Entry(plan: id, .plan(change))], how: "command")
      return try session.plan(id)
    case .run, .wait, .succeed, .fail, .beginRollback, .finishRollback, .failRollback: return plan
    }
  }
}
