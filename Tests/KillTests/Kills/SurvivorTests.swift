import CPawl
import Foundation
import Glibc
import PawlModel
import Testing

/// Children that are alive when their runner is not.
@Suite struct SurvivorTests {
  @Test(
    "a child that had not yet begun its program when the runner died is not overtaken by a retry",
    .timeLimit(.minutes(5)))
  func betweenForkAndProgram() throws {
    try requireStrace()
    let place = try Workplace()
    let id = try place.plan([StepText(id: "only", until: "0.2", interrupted: "retry")])
    // Each process waits two seconds before the first program that it begins.
    let runner = try Child(
      ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=execve"]
        + ["-e", "inject=execve:delay_enter=2000000:when=1"] + place.command(["runner", "\(id)"]),
      in: place.folder)
    #expect(try eventually { try place.record(id).steps[0].state == .started })
    let children = "/proc/\(runner.pid)/task/\(runner.pid)/children"
    #expect(
      try eventually { try !String(contentsOfFile: children, encoding: .utf8).isEmpty })
    kill(runner.pid, SIGKILL)
    #expect(try runner.wait() == .signalled(SIGKILL))
    #expect(place.ledger.lines == [])
    let resume = try place.run(["resume", "\(id)"])
    #expect(resume.status == 0, "\(resume.errors)")
    try Audit(id, in: place).check()
  }

  @Test("what outlived its runner is ended before a step that may be repeated begins again")
  func ended() throws {
    let place = try Workplace()
    let id = try planWithSurvivor(in: place, interrupted: "retry", until: "2")
    try place.pawl("resume", "\(id)")
    let expected: [(Ledger.Line.Kind, Int)] = [(.start, 1), (.start, 2), (.end, 2)]
    #expect(
      place.ledger.lines
        == expected.map { Ledger.Line(kind: $0.0, step: "only", attempt: $0.1) })
  }

  @Test("what outlived its runner is waited for where only a person may decide about its step")
  func awaited() throws {
    let place = try Workplace()
    let id = try planWithSurvivor(in: place, interrupted: "ask", until: "2")
    #expect(try place.run(["resume", "\(id)"]).status == 5)
    #expect(place.ledger.has(.end, "only"))
    #expect(try place.record(id).steps[0].state == .interrupted)
    try place.pawl("resolve", "\(id)", "--step", "only", "done")
    try place.pawl("resume", "\(id)")
    try Audit(id, in: place).check()
  }

  private func planWithSurvivor(
    in place: Workplace, interrupted: String, until: String
  ) throws -> PlanID {
    let id = try place.plan([StepText(id: "only", until: until, interrupted: interrupted)])
    let runner = try place.start("runner", "\(id)")
    #expect(try eventually { place.ledger.has(.start, "only") })
    kill(runner.pid, SIGKILL)
    #expect(try runner.wait() == .signalled(SIGKILL))
    return id
  }
}
