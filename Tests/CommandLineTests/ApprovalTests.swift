import Foundation
import Testing

/// Nothing runs unapproved, and an approval is for one digest.
@Suite struct ApprovalTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test func withoutATerminalRunNamesWhatLacksApprovalAndExits3() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.write("a", "a", id: "one"), Steps.run("\"true\"", id: "two")))
    let run = try sandbox.pawl("run", plan.number)
    #expect(run.status == 3)
    #expect(run.complaint.first == "pawl: Plan 1 lacks approval for: \"one\", \"two\".")
    #expect(run.errors.contains(try plan.digest(of: "one")), "it says how to approve: \(run)")
    #expect(try sandbox.pawl("approve", plan.number).status == 3)
    #expect(!sandbox.exists(sandbox.etc("a")))
    #expect(try plan.state() == "planned")
  }

  @Test func resumeOfAnUnapprovedPlanWaitsForApproval() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("a", "a")))
    #expect(try sandbox.pawl("resume", plan.number).status == 3)
    let status = try sandbox.json("status")
    #expect(try status["waiting_for"].string == "approval")
    #expect(!sandbox.exists(sandbox.etc("a")))
    #expect(try plan.approveAndRun().status == 0)
  }

  @Test(arguments: ["", "0", "abc", String(repeating: "0", count: 64)])
  func anotherDigestApprovesNothing(_ digest: String) throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("a", "a")))
    let answer = try sandbox.pawl(
      "approve", plan.number, "--step", "write", "--digest", digest)
    #expect(answer.status == 3, "\(answer)")
    #expect(answer.errors.contains(try plan.digest(of: "write")))
    #expect(try sandbox.pawl("run", plan.number).status == 3)
  }

  @Test func anAbbreviatedDigestApprovesNothing() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("a", "a")))
    let short = String(try plan.digest(of: "write").prefix(63))
    let answer = try sandbox.pawl("approve", plan.number, "--step", "write", "--digest", short)
    #expect(answer.status == 3)
  }

  @Test func theDigestOfOneStepDoesNotApproveAnother() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.write("a", "a", id: "one"), Steps.write("b", "b", id: "two")))
    let answer = try sandbox.pawl(
      "approve", plan.number, "--step", "two", "--digest", plan.digest(of: "one"))
    #expect(answer.status == 3)
  }

  @Test("several digests at once are all recorded, or none is; a pair given twice counts once")
  func severalAtOnce() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.write("a", "a", id: "one"), Steps.write("b", "b", id: "two")))
    func approve(_ more: [String]) throws -> Answer {
      try sandbox.run(
        [Pawl.program, "approve", plan.number, "--step", "one", "--digest", plan.digest(of: "one")]
          + more + ["--journal", sandbox.journal])
    }
    func states() throws -> [String] {
      try sandbox.json("show", plan.number)["steps"].list.map { try $0["state"].string }
    }
    #expect(try approve(["--step", "two", "--digest", plan.digest(of: "one")]).status == 3)
    #expect(try states() == ["pending", "pending"])
    #expect(try approve(["--step", "one", "--digest", plan.digest(of: "one")]).status == 0)
    #expect(try states() == ["approved", "pending"])
    #expect(try approve(["--step", "two", "--digest", plan.digest(of: "two")]).status == 0)
    #expect(try states() == ["approved", "approved"])
  }

  @Test func aHighStepNeedsTheNameOfThisHostBesideItsDigest() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.run("\"true\"", risk: "high"), Steps.run("\"true\"", id: "low")))
    func approve(_ more: [String]) throws -> Answer {
      try sandbox.run(
        [Pawl.program, "approve", plan.number, "--step", "run", "--digest", plan.digest(of: "run")]
          + more + ["--journal", sandbox.journal])
    }
    #expect(try approve([]).status == 3)
    #expect(try approve(["--host", plan.host + "x"]).status == 3)
    #expect(try approve(["--host", plan.host]).status == 0)
    let low = try sandbox.pawl(
      "approve", plan.number, "--step", "low", "--digest", plan.digest(of: "low"))
    #expect(low.status == 0, "a low one does not: \(low)")
  }

  @Test func aFileChangedBetweenPlanAndRunVoidsTheApprovalOfTheStepThatEditsIt() throws {
    try sandbox.write("planned for\n", to: sandbox.etc("one.conf"))
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.run("\"true\""), Steps.write("one.conf", "new\\n")))
    try plan.approveAll()
    try sandbox.write("changed since\n", to: sandbox.etc("one.conf"))
    let run = try sandbox.pawl("run", plan.number)
    #expect(run.status == 3, "\(run)")
    #expect(run.errors.contains("one.conf"), "it says what changed: \(run)")
    #expect(try sandbox.text(sandbox.etc("one.conf")) == "changed since\n")

    let shown = try sandbox.json("show", plan.number)
    #expect(try shown["state"].string == "waiting")
    #expect(try shown["waiting_for"].string == "approval")
    let step = try #require(try shown["steps"].list.last)
    #expect(try step["state"].string == "pending")
    let fresh = try step["digest"].string
    let old = try plan.digest(of: "write")
    #expect(fresh != old)
    #expect(
      try sandbox.pawl("approve", plan.number, "--step", "write", "--digest", old).status == 3)
    #expect(
      try sandbox.pawl("approve", plan.number, "--step", "write", "--digest", fresh).status == 0)
    #expect(try sandbox.pawl("run", plan.number).status == 0)
    #expect(try sandbox.text(sandbox.etc("one.conf")) == "new\n")
  }

  @Test func aFileThatAppearedOrWentAwayVoidsTheApprovalToo() throws {
    try sandbox.write("there\n", to: sandbox.etc("there"))
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("there", "x", id: "there")))
    let other = try sandbox.plan(
      sandbox.recipe(Steps.write("new", "x", id: "new"), name: "other"))
    try plan.approveAll()
    try other.approveAll()
    try FileManager.default.removeItem(atPath: sandbox.etc("there"))
    try sandbox.write("appeared\n", to: sandbox.etc("new"))
    #expect(try sandbox.pawl("run", plan.number).status == 3)
    #expect(try sandbox.pawl("run", other.number).status == 3)
    #expect(try sandbox.text(sandbox.etc("new")) == "appeared\n")
  }

  @Test func noCheckRunsBeforeItsStepIsApproved() throws {
    let mark = try markFolder() + "/checked"
    let step = """
      {id: run, label: Run, risk: low, effects: none, command: ["true"],
           check: [touch, \(mark)]}
      """
    let plan = try sandbox.plan(sandbox.recipe(step))
    #expect(try sandbox.pawl("resume", plan.number).status == 3)
    for verb in [["show", plan.number], ["status"], ["recipe", "lint", "module-load"]] {
      _ = try sandbox.run(
        [Pawl.program] + verb + (verb[0] == "recipe" ? [] : ["--journal", sandbox.journal]))
    }
    #expect(!sandbox.exists(mark))
    #expect(try plan.approveAndRun().status == 0)
    #expect(sandbox.exists(mark))
  }

  @Test func anApprovalIsForOneAttemptOnly() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"false\"")))
    #expect(try plan.approveAndRun().status == 1)
    #expect(try sandbox.pawl("resume", plan.number).status == 1, "it is not tried again by itself")
    let shown = try sandbox.json("show", plan.number)
    #expect(try shown["steps"].item(0)["attempts"].int == 1)
    try plan.approveAll()
    #expect(try sandbox.pawl("resume", plan.number).status == 1)
    #expect(try sandbox.json("show", plan.number)["steps"].item(0)["attempts"].int == 2)
  }

  @Test func thereIsNoYesToEverything() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"true\"")))
    for flag in ["--yes", "-y", "--force", "--auto-approve"] {
      #expect(try sandbox.pawl("run", plan.number, flag).status == 64)
    }
  }

  @Test func whoApprovedAndHowIsOnRecord() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"true\"", risk: "high")))
    let argv = [
      Pawl.program, "approve", plan.number, "--step", "run", "--digest",
      try plan.digest(of: "run"), "--host", plan.host, "--journal", sandbox.journal,
    ]
    let environment = ["SSH_CONNECTION": "192.0.2.7 50000 192.0.2.1 22"]
    #expect(try sandbox.run(argv, environment: environment).status == 0)
    let approval = try sandbox.json("history", "show", plan.number)["approvals"].item(0)
    #expect(try approval["given"].string == "digest")
    #expect(try approval["by"]["uid"].int == Int(geteuid()))
    #expect(try approval["by"]["how"].string == "digest")
    #expect(try approval["digest"].string == plan.digest(of: "run"))
    let text = try sandbox.pawl("history", "export").output
    #expect(text.contains("192.0.2.7"))
  }

  /// Where whoever runs a step that needs no root may write.
  private func markFolder() throws -> String {
    let folder = sandbox.path + "/marks"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try #require(chmod(folder, 0o777) == 0)
    return folder
  }
}
