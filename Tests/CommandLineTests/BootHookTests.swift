import Foundation
import Glibc
import Testing

/// The boot hook as the boot system starts it, on journals of every kind: it ends well, and says
/// where people log in what it could not do. Below a root of the test's own.
@Suite struct BootHookRunTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try #require(mkdir(sandbox.root + "/run", 0o755) == 0)
  }

  private var message: String? {
    try? String(contentsOfFile: sandbox.root + "/run/motd.d/pawl", encoding: .utf8)
  }

  private func openMark() throws { try sandbox.write("open\n", to: sandbox.journal + ".open") }

  private func hook(_ phase: String) throws -> Answer {
    try sandbox.pawl("boot-hook", "run", phase)
  }

  /// One that is done, and one that nobody has approved.
  private func plans() throws {
    let done = try sandbox.plan(try sandbox.recipe(Steps.write("note", "x")))
    _ = try done.approveAndRun()
    _ = try sandbox.plan(try sandbox.recipe(Steps.run("/bin/true"), name: "other"))
  }

  @Test("no open plan: nothing is done, and nothing is said", arguments: ["early", "resume"])
  func nothingOpen(_ phase: String) throws {
    let answer = try hook(phase)
    #expect(answer.status == 0 && answer.errors.isEmpty && answer.output.isEmpty, "\(answer)")
    #expect(message == nil)
  }

  @Test("a journal that is gone, with a plan open: told, and the boot goes on")
  func missing() throws {
    try openMark()
    for phase in ["early", "deadline", "verify", "resume"] {
      let answer = try hook(phase)
      #expect(answer.status == 0 && answer.signal == 0, "\(answer)")
    }
    let told = try #require(message)
    #expect(told.contains("There is no journal at \(sandbox.journal)."), "\(told)")
    #expect(told.contains("The host started as usual"))
    #expect(!sandbox.exists(sandbox.journal), "the hook never makes one")
  }

  @Test("a journal that is damaged, or of another format: told, and untouched")
  func damaged() throws {
    try openMark()
    try sandbox.write("no journal at all", to: sandbox.journal, mode: 0o600)
    for phase in ["early", "resume"] { #expect(try hook(phase).status == 0) }
    #expect(try #require(message).contains("not a journal of Pawl"))
    #expect(try sandbox.text(sandbox.journal) == "no journal at all")
  }

  @Test("a journal of a newer Pawl: told, and untouched")
  func newer() throws {
    try plans()
    try openMark()
    var bytes = try Data(contentsOf: URL(filePath: sandbox.journal))
    bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
    try bytes.write(to: URL(filePath: sandbox.journal))
    #expect(try hook("early").status == 0)
    #expect(try #require(message).contains("written by a newer Pawl than this one"))
    #expect(try Data(contentsOf: URL(filePath: sandbox.journal)) == bytes)
  }

  @Test("an older copy in the journal's place: told, and nothing of it is acted on")
  func rewound() throws {
    try plans()
    try openMark()
    let head = sandbox.journal + ".head"
    var lines = try sandbox.text(head).split(separator: "\n").map(String.init)
    lines[1] = "9999:" + String(repeating: "ab", count: 32)
    try sandbox.write(lines.joined(separator: "\n") + "\n", to: head, mode: 0o600)
    for phase in ["early", "resume"] { #expect(try hook(phase).status == 0) }
    let told = try #require(message)
    #expect(told.contains("is not the journal that"), "\(told)")
    #expect(told.contains("no step of a plan was begun"))
  }

  @Test("a plan that stands still is told, and the mark goes once none is open")
  func standing() throws {
    try plans()
    try openMark()
    let answer = try hook("resume")
    #expect(answer.status == 0, "\(answer)")
    #expect(!sandbox.exists(sandbox.journal + ".open"), "no plan is open")
    #expect(message == nil)
  }
}
