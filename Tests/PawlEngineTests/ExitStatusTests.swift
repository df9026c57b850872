import PawlModel
import Testing

@testable import PawlEngine

@Suite("Where a plan stands has one exit status and one next thing to do")
struct ExitStatusTests {
  @Test(
    "the statuses are those of the table in the README",
    arguments: [
      (PlanState.succeeded, Int32(0)), (.failed, 1), (.waiting(.approval), 3), (.rolledBack, 4),
      (.waiting(.person), 5), (.waiting(.resources), 5), (.rollbackFailed, 5),
      (.waiting(.trial), 7), (.waiting(.reboot), 102),
    ])
  func statuses(state: PlanState, status: Int32) {
    #expect(state.exitStatus == status)
  }

  @Test("every state names what to do next", arguments: PlanState.allCases)
  func everyStateHasAdvice(state: PlanState) {
    let advice = NextAdvice(
      state, plan: PlanID(7), missing: true, firstUnfinished: "load", interrupted: nil,
      runnerIsAlive: false)
    #expect(!advice.sentence.isEmpty)
  }

  @Test("where what was made lies is told at the end")
  func made() {
    let advice = NextAdvice(
      .succeeded, plan: PlanID(7), missing: false, firstUnfinished: nil, interrupted: nil,
      made: ["/work/packages"], runnerIsAlive: false)
    #expect(advice.sentence == "nothing to do; see /work/packages")
  }

  /// A rollback said that the host was as before, with headers on it that apt had installed.
  @Test("what a rollback leaves is named")
  func lasting() {
    let advice = NextAdvice(
      .rolledBack, plan: PlanID(7), missing: false, firstUnfinished: nil, interrupted: nil,
      lasting: ["headers"], runnerIsAlive: false)
    #expect(advice.sentence.contains("but for what \"headers\" may have installed"))
  }
}
