import Foundation
import Testing

/// Every verb does its job, and answers programs with one JSON document whose first key is
/// `schema` and whose keys are those of the design.
@Suite struct HappyPathTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test func planShowApproveAndRunTakeAPlanToItsEnd() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.write("one.conf", "one\\n"), Steps.run("echo, hello")))
    #expect(try plan.state() == "planned")
    #expect(try plan.steps.map { try $0["id"].string } == ["write", "run"])
    for step in plan.steps {
      #expect(step.keys.isSuperset(of: ["id", "label", "risk", "state", "digest"]))
      #expect(try step["digest"].string.count == 64)
    }
    #expect(!sandbox.exists(sandbox.etc("one.conf")), "planning changes nothing")
    let run = try plan.approveAndRun()
    #expect(run.status == 0, "\(run)")
    #expect(run.complaint.last == "Next: nothing to do")
    #expect(try plan.state() == "succeeded")
    #expect(try sandbox.text(sandbox.etc("one.conf")) == "one\n")
  }

  @Test func showOfOneStepNamesItsExactCommandAndDigest() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("echo, one two, \"a'b\"")))
    let text = try sandbox.pawl("show", plan.number, "--step", "run").output
    #expect(text.contains("echo 'one two'"), "\(text)")
    #expect(text.contains(try plan.digest(of: "run")))
    let json = try sandbox.json("show", plan.number, "--step", "run")
    #expect(try json["steps"].list.count == 1)
  }

  @Test func statusNamesPlanStateRunnerAndTheNextThingToDo() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"true\"")))
    let status = try sandbox.json("status")
    #expect(
      status.keys.isSuperset(of: ["schema", "plan", "state", "waiting_for", "runner", "next"]))
    #expect(try status["plan"].int == 1)
    #expect(try status["state"].string == "planned")
    #expect(try status["waiting_for"].isNull)
    #expect(try status["runner"].isNull)
    #expect(try status["next"].string.hasPrefix("pawl run 1"))
    let lines = try sandbox.pawl("status").output.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("Next: ") } == 1)
    #expect(lines.last?.hasPrefix("Next: ") == true)
    _ = try plan.approveAndRun()
    let settled = try sandbox.json("status", plan.number)
    #expect(try settled["state"].string == "succeeded")
  }

  @Test func logsGiveBackWhatStepsPrinted() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(
        Steps.run("echo, first", id: "a"), Steps.run("printf, 'no newline'", id: "b")))
    _ = try plan.approveAndRun()
    let all = try sandbox.pawl("logs", plan.number).output
    #expect(all == "== a attempt 1\nfirst\n== b attempt 1\nno newline")
    #expect(try sandbox.pawl("logs", plan.number, "--step", "a").output.hasSuffix("first\n"))
    #expect(try sandbox.pawl("logs", plan.number, "-f").output == all, "a settled plan ends it")
  }

  @Test func watchOfASettledPlanEndsWithItsState() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"false\"")))
    #expect(try plan.approveAndRun().status == 1)
    let watch = try sandbox.pawl("watch", plan.number)
    #expect(watch.status == 1, "\(watch)")
  }

  @Test func recipesAreListedShownAndLinted() throws {
    let list = try sandbox.json("recipe", "list")
    let names = try list["recipes"].list.map { try $0["name"].string }
    #expect(Set(names).isSuperset(of: ["module-load", "kernel-rebuild"]))
    for name in names {
      let text = try sandbox.pawl("recipe", "show", name)
      #expect(text.output.contains("name: \(name)"))
      let lint = try sandbox.json("recipe", "lint", name)
      #expect(try lint["findings"].list.isEmpty)
      #expect(try sandbox.pawl("recipe", "lint", name).output == "No problems.\n")
    }
  }

  @Test func historyTellsEveryStepApprovalAttemptAndBackup() throws {
    try sandbox.write("old\n", to: sandbox.etc("one.conf"))
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.write("one.conf", "new\\n"), Steps.run("echo, hello")))
    _ = try plan.approveAndRun()
    let shown = try sandbox.json("history", "show", plan.number)
    #expect(try shown["plan"]["steps"].list.count == 2)
    let approvals = try shown["approvals"].list
    #expect(try approvals.map { try $0["step"].string } == ["write", "run"])
    #expect(try approvals.allSatisfy { try $0["given"].string == "digest" })
    #expect(try approvals.allSatisfy { try $0["by"]["uid"].int == Int(geteuid()) })
    let attempts = try shown["attempts"].list
    #expect(try attempts.map { try $0["outcome"].string } == ["succeed", "succeed"])
    #expect(try attempts[1]["outputBytes"].int == 6)
    let backup = try #require(try shown["backups"].list.first)
    #expect(try backup["path"].string == sandbox.etc("one.conf"))
    #expect(try backup["bytes"].int == 4)

    let text = try sandbox.pawl("history", "show", plan.number).output
    for word in ["approved", "attempt 1", "6 bytes of output", "backup"] {
      #expect(text.contains(word), "\(word) is missing in \(text)")
    }
  }

  @Test func historyIsExportedAsLinesOfJSONInOrder() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"true\"")))
    _ = try plan.approveAndRun()
    let lines = try sandbox.pawl("history", "export").output.split(separator: "\n")
    let sequences = try lines.map { try JSON(String($0))["sequence"].int }
    #expect(sequences == Array(1...sequences.count))
    #expect(sequences.count >= 5)
    let other = try sandbox.pawl("history", "export", "--plan", "2").output
    #expect(other.isEmpty)
  }

  @Test func historyVerifyFindsAFreshJournalIntactAndComparesAHead() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"true\"")))
    let early = try sandbox.json("history", "verify")
    #expect(try early["intact"].bool)
    let head = try early["head"].string
    _ = try plan.approveAndRun()
    #expect(try sandbox.pawl("history", "verify", "--head", head).status == 0)
    let foreign = try sandbox.pawl(
      "history", "verify", "--head", "3:" + String(repeating: "0", count: 64))
    #expect(foreign.status == 65, "\(foreign)")
    #expect(foreign.output.hasPrefix("damaged: "))
  }

  @Test func aPlanThatIsCancelledBeforeItBeganIsAbandoned() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"true\"")))
    #expect(try sandbox.pawl("cancel", plan.number).status == 0)
    #expect(try plan.state() == "abandoned")
    #expect(try sandbox.pawl("run", plan.number).status == 6)
    #expect(try sandbox.pawl("cancel", plan.number).status == 6)
  }

  @Test func resumeStartsAnApprovedPlanThatNeverRan() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"true\"")))
    try plan.approveAll()
    #expect(try sandbox.pawl("resume").status == 0)
    #expect(try plan.state() == "succeeded")
  }

  @Test func aClosedStandardInputOutputOrErrorHarmsNoJournal() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"true\"")))
    try plan.approveAll()
    let line = "exec \"$0\" run \"$1\" --journal \"$2\" --root \"$3\" <&- >&- 2>&-"
    let run = try sandbox.run(
      ["/bin/sh", "-c", line, Pawl.program, plan.number, sandbox.journal, sandbox.root])
    #expect(run.status == 0, "\(run)")
    #expect(try plan.state() == "succeeded")
    #expect(try sandbox.pawl("history", "verify").status == 0)
  }

  @Test func journalsOfTwoPlansKeepThemApart() throws {
    let recipe = try sandbox.recipe(Steps.run("\"true\""))
    let (first, second) = (try sandbox.plan(recipe), try sandbox.plan(recipe))
    #expect([first.number, second.number] == ["1", "2"])
    #expect(try second.approveAndRun().status == 0)
    #expect(try first.state() == "planned")
  }
}
