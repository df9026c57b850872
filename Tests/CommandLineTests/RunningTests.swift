import Foundation
import Glibc
import Testing

/// What happens around the steps of a plan while it runs.
@Suite struct RunningTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test func theWayBackIsWrittenDownBeforeTheFirstHighStep() throws {
    try #require(mkdir(sandbox.root + "/boot", 0o755) == 0)
    let plan = try sandbox.plan(
      sandbox.recipe(
        Steps.run("cat, \"{{root}}/boot/pawl-rescue.txt\"", risk: "high"),
        Steps.run("\"true\"", id: "b")))
    let run = try plan.approveAndRun()
    #expect(run.status == 0, "\(run)")
    let card = try sandbox.text(sandbox.root + "/boot/pawl-rescue.txt")
    #expect(card.contains("put the files back"), "it holds the recipe's rollback: \(card)")
    #expect(try sandbox.pawl("logs", plan.number).output.contains("put the files back"))
  }

  @Test func aPlanOfLowStepsWritesNoRescueCard() throws {
    try #require(mkdir(sandbox.root + "/boot", 0o755) == 0)
    #expect(try sandbox.plan(sandbox.recipe(Steps.run("\"true\""))).approveAndRun().status == 0)
    #expect(!sandbox.exists(sandbox.root + "/boot/pawl-rescue.txt"))
  }

  @Test func aPlanForAnotherMachineDoesNotRun() throws {
    try sandbox.write("0123456789abcdef0123456789abcdef\n", to: sandbox.etc("machine-id"))
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("a", "a")))
    try sandbox.write("fedcba9876543210fedcba9876543210\n", to: sandbox.etc("machine-id"))
    let run = try plan.approveAndRun()
    #expect(run.status == 5, "\(run)")
    #expect(run.errors.contains("not the machine"))
    #expect(!sandbox.exists(sandbox.etc("a")))
  }

  @Test(.enabled(if: Mounting.isPossible, "needs a mount namespace of its own"))
  func aPlanWhoseRootIsAnotherFileSystemNowIsNotContinued() throws {
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("a", "a")))
    try plan.approveAll()
    let place = ["--journal", sandbox.journal, "--root", sandbox.root]
    let resume = [Pawl.program, "resume", plan.number] + place
    let covered = try Mounting.run(resume, over: sandbox.root, in: sandbox)
    #expect(covered.status == 5, "\(covered)")
    #expect(
      covered.errors.contains(
        "\(sandbox.root) is not on the file system that plan 1 was made for"), "\(covered)")
    #expect(covered.errors.contains("found tmpfs"))
    #expect(try sandbox.json("status")["waiting_for"].string == "person")
    #expect(!sandbox.exists(sandbox.etc("a")))
    #expect(try sandbox.run(resume).status == 0)
    #expect(try sandbox.text(sandbox.etc("a")) == "a")
  }

  @Test func theFileSystemOfAWorkFolderIsFrozenWithThoseOfJournalAndRoot() throws {
    let work = sandbox.path + "/work"
    let recipe = try sandbox.recipe(
      Steps.run("\"true\""), extra: "parameters: {work: {default: \"\(work)\"}}")
    _ = try sandbox.plan(recipe)
    let first = try JSON(
      String(sandbox.pawl("history", "export").output.prefix { $0 != "\n" }))
    let mounts = try JSON(first["payload"].string)["mounts"].list
    #expect(
      try mounts.map { try $0["path"].string } == [sandbox.path + "/state", sandbox.root, work])
  }

  @Test func aJobOfPawlsOwnThatNeedsAPersonWaitsForOneAndIsLookedAtAgainOnResume() throws {
    let flag = sandbox.path + "/enrolled"
    let job = try sandbox.write(
      "#!/bin/sh\necho Enrol the key at the console\ntest -e \(flag) || exit 5\n",
      to: sandbox.path + "/job", mode: 0o755)
    let plan = try sandbox.plan(
      sandbox.recipe(
        Steps.run("\(job), internal, wait", more: "effects: none, interrupted: retry"),
        Steps.write("a", "a", id: "b")))
    let run = try plan.approveAndRun()
    #expect(run.status == 5, "\(run)")
    #expect(try sandbox.json("status")["waiting_for"].string == "person")
    #expect(run.errors.contains("Enrol the key at the console"), "\(run)")
    let next = "pawl resume \(plan.number)   or   pawl rollback \(plan.number)"
    #expect(try sandbox.json("status")["next"].string == next, "\(run)")
    #expect(run.errors.contains("Next: \(next)"), "\(run)")
    #expect(!sandbox.exists(sandbox.etc("a")))
    #expect(try sandbox.pawl("resume", plan.number).status == 5)
    try sandbox.write("", to: flag)
    #expect(try sandbox.pawl("resume", plan.number).status == 0)
    #expect(try sandbox.text(sandbox.etc("a")) == "a")
  }

  @Test func logsFollowAStepWhileItRuns() throws {
    let pipe = sandbox.path + "/pipe"
    try #require(mkfifo(pipe, 0o644) == 0 && chmod(pipe, 0o644) == 0)
    let script = try sandbox.write("echo begun\ncat \(pipe)\n", to: sandbox.path + "/talk.sh")
    let plan = try sandbox.plan(sandbox.recipe(Steps.run("sh, \(script)")))
    try plan.approveAll()
    let place = ["--journal", sandbox.journal, "--root", sandbox.root]
    let run = try Child(
      [Pawl.program, "run", plan.number] + place, environment: [:], folder: sandbox.path)
    try wait(for: "the first line") {
      try sandbox.pawl("logs", plan.number).output.contains("begun")
    }
    let follower = try Child(
      [Pawl.program, "logs", plan.number, "-f"] + place, environment: [:], folder: sandbox.path)
    try wait(for: "the follower") { follower.outputSoFar.contains("begun") }
    var writer: Int32 = -1
    try wait(for: "a reader of the pipe") {
      writer = open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      return writer >= 0
    }
    #expect(Glibc.write(writer, "ended\n", 6) == 6)
    close(writer)
    #expect(try run.ended().status == 0)
    let followed = try follower.ended()
    #expect(followed.status == 0 && followed.output == "== run attempt 1\nbegun\nended\n")
  }

  // MARK: - Kernel options

  /// A tree whose `olddefconfig` drops VFIO_PCI, as a kernel does whose dependencies are unmet.
  private func kernel(config: String) throws -> (source: String, build: String) {
    let (source, build) = ("/usr/src/tree", "/var/build")
    for folder in ["/usr", "/usr/src", source, "/var", build] {
      try #require(mkdir(sandbox.root + folder, 0o755) == 0)
    }
    try sandbox.write(
      "olddefconfig:\n\tsed -i /CONFIG_VFIO_PCI=/d $(O)/.config\n",
      to: sandbox.root + source + "/Makefile")
    try sandbox.write(config, to: sandbox.root + build + "/.config")
    if Pawl.isRoot {
      for path in [build, build + "/.config"] {
        try #require(chown(sandbox.root + path, nobody, nobody) == 0)
      }
    }
    return (source, build)
  }

  @Test func anOptionThatDidNotStickFailsTheStepAndIsNamed() throws {
    let (source, build) = try kernel(config: "CONFIG_SMP=y\n")
    let plan = try sandbox.plan(
      sandbox.recipe(
        "{id: options, label: Set options, risk: high, "
          + "kernel_config: {tree: \(source), build: \(build), set: \"VFIO_PCI=m\"}}"))
    let run = try plan.approveAndRun()
    #expect(run.status == 1, "\(run)")
    #expect(run.errors.contains("VFIO_PCI=m asked, n got"))
  }

  @Test func keyFilesThatAreNotThereAreClearedAndThoseThatAreStay() throws {
    let (source, build) = try kernel(
      config: "CONFIG_SYSTEM_TRUSTED_KEYS=\"debian/certs/none.pem\"\nCONFIG_OTHER=\"there.pem\"\n")
    try sandbox.write("key\n", to: sandbox.root + source + "/there.pem")
    let keys = "SYSTEM_TRUSTED_KEYS=clear-if-missing,OTHER=clear-if-missing,SMP=y"
    let plan = try sandbox.plan(
      sandbox.recipe(
        "{id: options, label: Set options, risk: high, "
          + "kernel_config: {tree: \(source), build: \(build), set: \"\(keys)\"}}"))
    let run = try plan.approveAndRun()
    #expect(run.status == 0, "\(run)")
    let lines = try sandbox.text(sandbox.root + build + "/.config").split(separator: "\n")
    #expect(lines.contains("CONFIG_SYSTEM_TRUSTED_KEYS=\"\""))
    #expect(lines.contains("CONFIG_OTHER=\"there.pem\"") && lines.contains("CONFIG_SMP=y"))
    let notes = try sandbox.json("history", "show", plan.number)["notes"].list
    #expect(try notes.contains { try $0["text"].string.contains("none.pem") })
  }
}
