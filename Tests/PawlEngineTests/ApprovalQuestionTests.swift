import PawlModel
import Testing

@testable import PawlEngine

@Suite("Consent costs more where more can go wrong")
struct ApprovalQuestionTests {
  private func plan(_ risk: Risk) throws -> PlanRecord {
    let step = FrozenStep(
      id: "load", label: "Load it", action: .command(Command(argv: ["modprobe", "loop"])),
      risk: risk, runsAs: .root)
    let frozen = FrozenPlan(
      recipe: "r", summary: "s", rollback: "put it back", hostName: "gpu-01", asker: .root,
      runningRelease: "6.1.0", newRelease: "6.1.0-pawl1", steps: [step])
    return try PlanRecord(
      id: PlanID(1), frozen: frozen, at: Stamp(wallMillis: 0, bootID: "b", bootMillis: 0),
      sequence: 1)
  }

  private func question(_ risk: Risk) throws -> ApprovalQuestion {
    let plan = try plan(risk)
    return ApprovalQuestion(plan: plan, step: plan.steps[0])
  }

  @Test("low asks y, medium asks yes, high asks the release and then the host's name")
  func answersByRisk() throws {
    #expect(try question(.low).approval(answers: ["y"], given: "terminal") != nil)
    #expect(try question(.medium).approval(answers: ["yes"], given: "terminal") != nil)
    let high = try question(.high)
    #expect(high.approval(answers: ["6.1.0-pawl1", "gpu-01"], given: "terminal") != nil)
  }

  @Test(
    "anything else is a no",
    arguments: [
      (Risk.low, ["n"]), (.low, [""]), (.low, ["Y"]), (.low, []), (.medium, ["y"]),
      (.medium, ["yes "]), (.high, ["gpu-01", "6.1.0-pawl1"]), (.high, ["6.1.0-pawl1"]),
      (.high, ["yes", "yes"]), (.high, ["6.1.0-pawl1", "gpu-02"]),
    ])
  func everythingElseIsNo(risk: Risk, answers: [String]) throws {
    #expect(try question(risk).approval(answers: answers, given: "terminal") == nil)
  }

  @Test("a high question has the rollback text and the way back on screen")
  func highShowsTheWayBack() throws {
    let text = try question(.high).explanation.joined(separator: "\n")
    #expect(text.contains("put it back"))
    #expect(text.contains("Advanced options"))
    #expect(text.contains("/mnt/boot/vmlinuz-6.1.0-pawl1"))
    #expect(try !question(.medium).explanation.joined().contains("Advanced options"))
  }

  @Test("control bytes of a label never reach the terminal")
  func controlBytesAreShown() {
    #expect(StepWording.printable("a\u{1b}[2Jb\u{9b}c\n") == "a\\x1b[2Jb\\x9bc\\x0a")
    #expect(StepWording.line(["touch", "/tmp/a b", ""]) == "touch '/tmp/a b' ''")
  }
}
