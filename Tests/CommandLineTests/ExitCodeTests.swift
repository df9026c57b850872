import Foundation
import Glibc
import Testing

/// The exit status says how a plan stands, so that a script needs nothing else.
@Suite struct ExitCodeTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test func aFailedStepExits1AndLeavesThePlanResumable() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(
        Steps.write("a", "a"),
        Steps.run("sh, \(sandbox.path)/fail.sh", id: "bad"),
        Steps.write("b", "b", id: "after")))
    try sandbox.write("echo told you >&2\nexit 3\n", to: sandbox.path + "/fail.sh")
    let run = try plan.approveAndRun()
    #expect(run.status == 1, "\(run)")
    #expect(run.errors.contains("exit status 3"))
    #expect(run.errors.contains("It said last: told you"))
    #expect(!sandbox.exists(sandbox.etc("b")), "no step runs after one that failed")
    #expect(try sandbox.pawl("logs", plan.number).output.contains("told you"))

    try sandbox.write("exit 0\n", to: sandbox.path + "/fail.sh")
    try plan.approve("bad")
    #expect(try sandbox.pawl("resume", plan.number).status == 0)
    #expect(sandbox.exists(sandbox.etc("b")))
  }

  @Test func whatMakeSaysOfItselfIsNoReason() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("sh, \(sandbox.path)/make.sh", id: "bad")))
    let words = [
      "the reason", "make[2]: *** [x:155: all] Error 8", "make[1]: *** [x:236: sub] Error 2",
      "make[1]: Leaving directory '/x'", "make: *** [Makefile:236: __sub-make] Error 2",
    ]
    let script = words.map { "echo \"\($0)\" >&2\n" }.joined() + "exit 2\n"
    try sandbox.write(script, to: sandbox.path + "/make.sh")
    let run = try plan.approveAndRun()
    #expect(run.errors.contains("It said last: the reason"), "\(run)")
  }

  @Test func whatAProgramSaidLastEndsBeforeWhatItMeansBegins() throws {
    let program = try sandbox.write(
      "#!/bin/sh\necho could not insert: Key was rejected by service >&2\nexit 1\n",
      to: sandbox.path + "/modprobe", mode: 0o755)
    let run = try sandbox.plan(sandbox.recipe(Steps.run("\(program)"))).approveAndRun()
    #expect(run.status == 1, "\(run)")
    #expect(run.errors.contains("rejected by service. This kernel loads only"), "\(run)")
  }

  @Test func aProgramThatIsNotThereExits1AndIsNamed() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("no-such-program-at-all")))
    let run = try plan.approveAndRun()
    #expect(run.status == 1)
    #expect(run.errors.contains("no-such-program-at-all"), "\(run)")
  }

  @Test func aStepThatPassesItsTimeIsEndedAsAGroupAndRecorded() throws {
    try sandbox.write("cat \"$1\" & cat \"$1\"\n", to: sandbox.path + "/hang.sh")
    let pipe = try makePipe()
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.run("sh, \(sandbox.path)/hang.sh, \(pipe)", more: "timeout: 1s")))
    let run = try plan.approveAndRun()
    #expect(run.status == 1, "\(run)")
    #expect(run.errors.contains("did not end within its time"))
    // Nobody has the pipe open for reading any more.
    let writer = open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    #expect(writer < 0)
    if writer >= 0 { close(writer) }
  }

  @Test func aRollbackExits4AndIsNotRepeated() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("a", "a")))
    _ = try plan.approveAndRun()
    #expect(try plan.rollBack().status == 4)
    #expect(try plan.state() == "rolled-back")
    #expect(!sandbox.exists(sandbox.etc("a")))
    #expect(try plan.rollBack().status == 6)
    #expect(try sandbox.pawl("run", plan.number).status == 6)
    #expect(try sandbox.pawl("watch", plan.number).status == 4)
  }

  @Test func rollingBackNeedsConsentToThatVeryPlan() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.write("a", "a"), Steps.run("\"true\"", risk: "high")))
    #expect(try plan.rollBack().status == 6, "there is nothing to roll back")
    _ = try plan.approveAndRun()
    let zeros = String(repeating: "0", count: 64)
    #expect(try sandbox.pawl("rollback", plan.number).status == 3)
    #expect(try sandbox.pawl("rollback", plan.number, "--digest", zeros).status == 3)
    #expect(try sandbox.pawl("rollback", plan.number, "--digest", plan.digest).status == 3)
    #expect(sandbox.exists(sandbox.etc("a")))
    #expect(try plan.rollBack().status == 4)
  }

  @Test func aRestartStopsThePlanWith102BelowAnyRoot() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.restart, Steps.write("a", "a")))
    let run = try plan.approveAndRun()
    #expect(run.status == 102, "\(run)")
    #expect(try sandbox.json("status")["waiting_for"].string == "reboot")
    #expect(try sandbox.pawl("resume", plan.number).status == 102, "the host has not restarted")
    #expect(!sandbox.exists(sandbox.etc("a")))
  }

  @Test func aPausedBuildExits5AndGoesOnWhenResumed() throws {
    let pipe = try makePipe()
    let plan = try sandbox.plan(
      sandbox.recipe(
        "{id: make, label: Build, risk: high, build: {directory: \(try openFolder()), "
          + "argv: [cat, \(pipe)]}}"))
    try plan.approveAll()
    let run = try start("run", plan.number)
    try wait(for: "the build's start") { try state(of: "make", plan) == "started" }
    #expect(try sandbox.pawl("pause", plan.number).status == 0)
    #expect(try run.ended().status == 5)
    #expect(try sandbox.json("status")["waiting_for"].string == "person")
    #expect(try state(of: "make", plan) == "interrupted")

    let resumed = try start("resume", plan.number)
    try feed(pipe)
    #expect(try resumed.ended().status == 0)
  }

  @Test func aPauseThatNoRunnerMetIsTakenBackByRunAndResume() throws {
    for verb in ["run", "resume"] {
      let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"true\"")))
      try plan.approveAll()
      #expect(try sandbox.pawl("pause", plan.number).status == 0)
      let run = try sandbox.pawl(verb, plan.number)
      #expect(run.status == 0, "\(run)")
    }
  }

  @Test func aPlanThatWaitsForApprovalAndIsPausedGoesOn() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("\"true\""), Steps.write("a", "a")))
    try plan.approveAll()
    try sandbox.write("somebody else's", to: sandbox.etc("a"))
    #expect(try sandbox.pawl("run", plan.number).status == 3)
    #expect(try sandbox.pawl("pause", plan.number).status == 0)
    let shown = try sandbox.json("show", plan.number)["steps"].list
    let step = try #require(try shown.first { try $0["id"].string == "write" })
    let digest = try step["digest"].string
    let approved = try sandbox.pawl(
      "approve", plan.number, "--step", "write", "--digest", digest)
    #expect(approved.status == 0, "\(approved)")
    #expect(try sandbox.pawl("resume", plan.number).status == 0)
  }

  @Test func aSecondRunnerOfAJournalSaysWhoHoldsItAndExits75() throws {
    let pipe = try makePipe()
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("cat, \(pipe)")))
    let other = try sandbox.plan(sandbox.recipe(Steps.run("\"true\""), name: "other"))
    try plan.approveAll()
    try other.approveAll()
    let run = try start("run", plan.number)
    try wait(for: "the step's start") { try state(of: "run", plan) == "started" }
    let holder = try sandbox.json("status")["runner"]["pid"].int
    let second = try sandbox.pawl("run", other.number)
    #expect(second.status == 75, "\(second)")
    #expect(second.errors.contains("\(holder)"))
    let direct = try sandbox.pawl("runner", plan.number)
    #expect(direct.status == 75, "\(direct)")
    #expect(direct.errors.contains("\(holder)"))
    try feed(pipe)
    #expect(try run.ended().status == 0)
    #expect(try sandbox.pawl("run", other.number).status == 0)
  }

  @Test func runOfAPlanThatIsAtWorkJoinsIt() throws {
    let pipe = try makePipe()
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("cat, \(pipe)")))
    try plan.approveAll()
    let runs = [try start("run", plan.number)]
    try wait(for: "the step's start") { try state(of: "run", plan) == "started" }
    let joined = [try start("run", plan.number), try start("watch", plan.number)]
    try wait(for: "the second windows") { joined.allSatisfy { $0.isWatching } }
    try feed(pipe)
    for child in runs + joined { #expect(try child.ended().status == 0) }
    #expect(try sandbox.json("show", plan.number)["steps"].item(0)["attempts"].int == 1)
  }

  @Test func closingTheWindowLeavesThePlanRunning() throws {
    let pipe = try makePipe()
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("cat, \(pipe)")))
    try plan.approveAll()
    for signal in [SIGINT, SIGHUP, SIGKILL] {
      let run = try start("run", plan.number)
      try wait(for: "the window") { run.isWatching }
      run.signal(signal)
      let ended = try run.ended()
      #expect(signal == SIGINT ? ended.status == 130 : ended.signal == signal, "\(ended)")
    }
    let watch = try start("watch", plan.number)
    try wait(for: "the window") { watch.isWatching }
    try feed(pipe)
    #expect(try watch.ended().status == 0)
    #expect(try sandbox.json("show", plan.number)["steps"].item(0)["attempts"].int == 1)
  }

  @Test func aPlanWithoutTheNeededRootIsRefusedBeforeItIsMade() throws {
    let step = "{label: Need root, risk: low, needs_sudo: true, effects: none, command: [\"true\"]}"
    let recipe = try sandbox.recipe(step)
    // Somebody else than root, with a journal of his own.
    let answer =
      Pawl.isRoot
      ? try sandbox.asNobody(["plan", recipe])
      : try sandbox.pawl("plan", recipe)
    #expect(answer.status == 77, "\(answer)")
    #expect(answer.errors.contains("needs root"))
  }

  @Test func cancelKeepLeavesWhatWasDone() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.write("a", "a"), Steps.run("\"false\"")))
    #expect(try plan.approveAndRun().status == 1)
    #expect(try sandbox.pawl("cancel", plan.number, "--keep").status == 0)
    #expect(try plan.state() == "abandoned")
    #expect(sandbox.exists(sandbox.etc("a")))
    #expect(try sandbox.pawl("resume", plan.number).status == 6)
  }

  // MARK: - Steps that wait for the test

  private func makePipe() throws -> String {
    let path = sandbox.path + "/pipe"
    try #require(mkfifo(path, 0o644) == 0)
    try #require(chmod(path, 0o644) == 0)
    return path
  }

  /// Lets a `cat` of the pipe come to its end, once it is there.
  private func feed(_ pipe: String) throws {
    var writer: Int32 = -1
    try wait(for: "a reader of the pipe") {
      writer = open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      return writer >= 0
    }
    close(writer)
  }

  private func openFolder() throws -> String {
    let path = sandbox.root + "/build"
    try #require(mkdir(path, 0o777) == 0)
    try #require(chmod(path, 0o777) == 0)
    return "/build"
  }

  private func start(_ arguments: String...) throws -> Child {
    try Child(
      [Pawl.program] + arguments + ["--journal", sandbox.journal, "--root", sandbox.root],
      environment: [:], folder: sandbox.path)
  }

  private func state(of step: String, _ plan: Plan) throws -> String {
    let steps = try sandbox.json("show", plan.number)["steps"].list
    return try #require(try steps.first { try $0["id"].string == step })["state"].string
  }
}
