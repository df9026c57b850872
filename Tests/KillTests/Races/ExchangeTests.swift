import Foundation
import PawlModel
import Testing

/// Somebody writes to a file in the very moment in which Pawl replaces it. The kernel is made to
/// dwell before and after the exchange, so that the writer never comes too late.
@Suite struct ExchangeTests {
  private let place: Workplace
  private let folder: String
  private let file = "root/etc/one.conf"

  init() throws {
    try requireStrace()
    place = try Workplace()
    folder = place.folder + "/root/etc"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try place.write("old\n", to: file)
  }

  private func startReplacing() throws -> (plan: PlanID, runner: Child) {
    let id = try place.plan(
      """
      name: exchange
      description: Replace a file
      rollback: {description: put it back}
      steps:
        - {id: write, label: Write, risk: low, needs_sudo: true,
           write_file: {path: /etc/one.conf, content: "new\\n", mode: "0644"}}

      """)
    let dwell = "inject=renameat2:delay_enter=3000000:delay_exit=3000000:when=1"
    let runner = try Child(
      ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e", dwell]
        + place.command(["runner", "\(id)"]), in: place.folder)
    // The last look at the old file is over once the new one is being made.
    #expect(try eventually { try names().contains { $0.hasSuffix(".aside") } })
    return (id, runner)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  @Test(
    "bytes written between the look and the exchange are swapped back", .timeLimit(.minutes(15)))
  func oneEdit() throws {
    let (id, runner) = try startReplacing()
    try place.write("an edit\n", to: file)
    #expect(try eventually { try text("one.conf") == "new\n" }, "the exchange was made")
    #expect(try runner.wait() == .exited(1), "\(runner.errors)")
    #expect(try text("one.conf") == "an edit\n")
    #expect(try names() == ["one.conf"])
    let step = try place.record(id).steps[0]
    #expect(step.state == .failed && step.why?.contains("is not what it was") == true)
  }

  @Test(
    "bytes written between the exchange and the swap back are kept beside the file",
    .timeLimit(.minutes(15)))
  func twoEdits() throws {
    let (id, runner) = try startReplacing()
    try place.write("the first edit\n", to: file)
    #expect(try eventually { try text("one.conf") == "new\n" }, "the exchange was made")
    try place.write("the second edit\n", to: file)
    #expect(try runner.wait() == .exited(1), "\(runner.errors)")
    #expect(try text("one.conf") == "the first edit\n")
    let kept = try #require(try names().first { $0 != "one.conf" })
    #expect(try names().count == 2)
    #expect(try text(kept) == "the second edit\n")
    let why = try #require(try place.record(id).steps[0].why)
    #expect(why.contains("changed twice") && why.contains(kept), "\(why)")
  }
}
