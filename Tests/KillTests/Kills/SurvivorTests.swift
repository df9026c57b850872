import CPawl
import Foundation
import Glibc
import PawlHost
import PawlJournal
import PawlModel
import Testing

/// Children that are alive when their runner is not.
@Suite struct SurvivorTests {
  @Test(
    "a child that had not yet begun its program when the runner died is not overtaken by a retry",
    .timeLimit(.minutes(15)))
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

  @Test("a package manager that outlived its runner is waited for, also where its step is repeated")
  func packageManager() throws {
    let place = try Workplace()
    try FileManager.default.copyItem(
      atPath: place.folder + "/step", toPath: place.folder + "/dpkg")
    let go = place.folder + "/go"
    let id = try planWithSurvivor(
      in: place, interrupted: "retry", until: go, command: "{{here}}/dpkg")
    let journal = try place.reading { $0.journalID }
    let token = try place.record(id).steps[0].attemptToken(plan: id, journal: journal)
    let survivor = try #require(LiveHost().survivors(token: token).first { $0.name == "dpkg" })
    let resume = try place.start("resume", "\(id)")
    #expect(try eventually { place.runnerHolds(survivor.pid) }, "the new runner waits for it")
    try place.write("", to: "go")
    #expect(try resume.wait() == .exited(0), "\(resume.errors)")
    let expected: [(Ledger.Line.Kind, Int)] = [(.start, 1), (.end, 1), (.start, 2), (.end, 2)]
    #expect(
      place.ledger.lines
        == expected.map { Ledger.Line(kind: $0.0, step: "only", attempt: $0.1) })
    let history = try place.pawl("history", "show", "\(id)")
    #expect(history.contains("Waited for what the dead runner had left running"), "\(history)")
  }

  private func planWithSurvivor(
    in place: Workplace, interrupted: String, until: String, command: String = "{{here}}/step"
  ) throws -> PlanID {
    let id = try place.plan([
      StepText(id: "only", until: until, interrupted: interrupted, command: command)
    ])
    let runner = try place.start("runner", "\(id)")
    #expect(try eventually { place.ledger.has(.start, "only") })
    kill(runner.pid, SIGKILL)
    #expect(try runner.wait() == .signalled(SIGKILL))
    return id
  }
}
