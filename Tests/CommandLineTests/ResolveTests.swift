import Foundation
import Glibc
import Testing

/// A step that nobody saw end and that only a person can settle.
@Suite struct ResolveTests {
  let sandbox: Sandbox
  private let pipe: String
  private let plan: Plan

  /// A file is written, the runner dies in the next step, and `resume` asks.
  init() throws {
    try self.init { pipe, _ in
      Steps.run("cat, \(pipe)", id: "lost", more: "effects: none, interrupted: ask")
    }
  }

  private init(lost: (_ pipe: String, _ root: String) -> String) throws {
    sandbox = try Sandbox()
    pipe = sandbox.path + "/pipe"
    try #require(mkfifo(pipe, 0o644) == 0 && chmod(pipe, 0o644) == 0)
    plan = try sandbox.plan(
      sandbox.recipe(
        Steps.write("before", "1", id: "before"), lost(pipe, sandbox.root),
        Steps.write("after", "2", id: "after")))
    try plan.approveAll()
    let run = try start("run")
    try wait(for: "the step's start") { try state("lost") == "started" }
    kill(pid_t(try sandbox.json("status")["runner"]["pid"].int), SIGKILL)
    try feed()
    #expect(try run.ended().status != 0)
    let resumed = try sandbox.pawl("resume", plan.number)
    #expect(resumed.status == 5 && resumed.errors.contains("only a person can say"), "\(resumed)")
    try #require(try state("lost") == "interrupted")
  }

  private func start(_ verb: String) throws -> Child {
    try Child(
      [Pawl.program, verb, plan.number, "--journal", sandbox.journal, "--root", sandbox.root],
      environment: [:], folder: sandbox.path)
  }

  /// Lets a `cat` of the pipe come to its end, once it is there.
  private func feed() throws {
    var writer: Int32 = -1
    try wait(for: "a reader of the pipe") {
      writer = open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      return writer >= 0
    }
    close(writer)
  }

  private func step(_ id: String) throws -> JSON {
    let steps = try sandbox.json("show", plan.number)["steps"].list
    return try #require(try steps.first { try $0["id"].string == id })
  }

  private func state(_ id: String) throws -> String { try step(id)["state"].string }

  private func resolve(_ words: String...) throws -> Answer {
    try sandbox.run(
      [Pawl.program, "resolve", plan.number] + words + ["--journal", sandbox.journal])
  }

  @Test func statusNamesTheStepAndTheThreeAnswers() throws {
    let next = try sandbox.json("status")["next"].string
    #expect(next == "pawl resolve \(plan.number) --step lost done|retry|undo")
  }

  @Test func whatAPersonFoundDoneIsNotRepeatedAndThePlanGoesOn() throws {
    let answer = try resolve("--step", "lost", "done")
    #expect(answer.status == 0, "\(answer)")
    #expect(answer.output == "Next: pawl resume \(plan.number)\n")
    #expect(try state("lost") == "succeeded")
    #expect(!sandbox.exists(sandbox.etc("after")), "resolve itself starts nothing")
    #expect(try sandbox.pawl("resume", plan.number).status == 0)
    #expect(try step("lost")["attempts"].int == 1)
    #expect(try sandbox.text(sandbox.etc("after")) == "2")
    #expect(
      try sandbox.pawl("history", "show", plan.number).output.contains("A person looked"))
  }

  /// What the step had left was not recorded with a person's word, so that a rollback took it for
  /// somebody else's edit and ended; found by the lab of power cuts.
  @Test("what a person found done is taken back by one rollback")
  func doneIsTakenBackAtOnce() throws {
    let other = try ResolveTests { pipe, root in
      Steps.run(
        "dd, \"if=\(pipe)\", \"of=\(root)/etc/lost\"", id: "lost",
        more: "needs_sudo: true, backup: [/etc/lost], interrupted: ask")
    }
    try wait(for: "the file") { other.sandbox.exists(other.sandbox.etc("lost")) }
    #expect(try other.resolve("--step", "lost", "done").status == 0)
    #expect(try other.sandbox.pawl("resume", other.plan.number).status == 0)
    let back = try other.sandbox.pawl(
      "rollback", other.plan.number, "--digest", other.plan.digest, "--host", other.plan.host)
    #expect(back.status == 4, "\(back)")
    #expect(!other.sandbox.exists(other.sandbox.etc("lost")))
  }

  @Test func aRetryNeedsANewApprovalOfThatStep() throws {
    let digest = try plan.digest(of: "lost")
    let without = try resolve("--step", "lost", "retry")
    #expect(without.status == 3 && without.errors.contains("--digest \(digest)"), "\(without)")
    let wrong = try resolve("--step", "lost", "retry", "--digest", plan.digest(of: "after"))
    #expect(wrong.status == 3, "\(wrong)")
    #expect(try state("lost") == "interrupted")

    #expect(try resolve("--step", "lost", "retry", "--digest", digest).status == 0)
    let resumed = try start("resume")
    try feed()
    #expect(try resumed.ended().status == 0)
    #expect(try step("lost")["attempts"].int == 2)
    #expect(sandbox.exists(sandbox.etc("after")))
  }

  @Test func undoTakesThePlanBackThatStepIncluded() throws {
    #expect(sandbox.exists(sandbox.etc("before")))
    let without = try resolve("--step", "lost", "undo")
    #expect(
      without.status == 3 && without.errors.contains("--digest \(plan.digest)"), "\(without)")
    #expect(try resolve("--step", "lost", "undo", "--digest", plan.digest).status == 0)
    #expect(sandbox.exists(sandbox.etc("before")), "resolve itself undoes nothing")
    #expect(try sandbox.pawl("resume", plan.number).status == 4)
    #expect(!sandbox.exists(sandbox.etc("before")) && !sandbox.exists(sandbox.etc("after")))
    #expect(try state("lost") == "undone")
    #expect(try plan.state() == "rolled-back")
  }

  @Test(
    arguments: [
      (["--step", "before", "done"], 6), (["--step", "after", "undo"], 6),
      (["--step", "nobody", "retry"], 6), (["--step", "lost", "maybe"], 64), (["done"], 64),
      (["--step", "lost"], 64),
    ] as [([String], Int32)])
  func whatDoesNotWaitIsNotSettled(words: [String], status: Int32) throws {
    let events = try sandbox.pawl("history", "export").output
    let answer = try sandbox.run(
      [Pawl.program, "resolve", plan.number] + words + ["--journal", sandbox.journal])
    #expect(answer.status == status, "\(answer)")
    #expect(try sandbox.pawl("history", "export").output == events)
  }
}
