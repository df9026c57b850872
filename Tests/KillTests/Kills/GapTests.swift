import CPawl
import Foundation
import Glibc
import PawlModel
import Testing

@Suite struct GapTests {
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
}
