import Foundation
import Glibc
import Testing

/// History answers by kernel, module, option, recipe, result and time, and gives bytes back.
@Suite struct HistoryTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    let vfio = "subject: {modules: [vfio-pci], options: \"VFIO_PCI=m,IOMMU_API=y\"}"
    let plan = try sandbox.plan(
      sandbox.recipe(Steps.write("one", "1"), name: "vfio", extra: vfio))
    try #require(try plan.approveAndRun().status == 0)
    _ = try sandbox.plan(sandbox.recipe(Steps.write("two", "2"), name: "other"))
  }

  private func plans(_ filter: String...) throws -> [Int] {
    let argv = [Pawl.program, "history", "list", "--journal", sandbox.journal, "--json"]
    let answer = try sandbox.run(argv + filter)
    try #require(answer.status == 0, "\(answer)")
    return try JSON(answer.output)["plans"].list.map { try $0["plan"].int }
  }

  @Test func plansAreListedNewestFirst() throws {
    #expect(try plans() == [2, 1])
    #expect(try plans("--limit", "1") == [2])
    let text = try sandbox.pawl("history").output.split(separator: "\n")
    #expect(text.count == 3)
  }

  @Test(arguments: [
    (["--recipe", "vfio"], [1]), (["--recipe", "vfi"], []), (["--module", "vfio_pci"], [1]),
    (["--module", "vfio-pci"], [1]), (["--module", "loop"], []), (["--option", "VFIO_PCI"], [1]),
    (["--option", "CONFIG_IOMMU_API"], [1]), (["--option", "KVM"], []),
    (["--result", "succeeded"], [1]), (["--result", "planned"], [2]),
    (["--result", "failed"], []), (["--since", "2020-01-01"], [2, 1]),
    (["--since", "2999-01-01T00:00:00Z"], []), (["--until", "2020-01-01"], []),
    (["--recipe", "vfio", "--result", "planned"], []),
    (["--recipe", "' OR 1=1 --"], []), (["--kernel", "0.0.0-none"], []),
  ])
  func aFilterFindsExactlyItsPlans(filter: [String], expected: [Int]) throws {
    let argv = [Pawl.program, "history", "list", "--journal", sandbox.journal, "--json"]
    let answer = try sandbox.run(argv + filter)
    try #require(answer.status == 0, "\(answer)")
    #expect(try JSON(answer.output)["plans"].list.map { try $0["plan"].int } == expected)
  }

  @Test func aModuleIsOneHoweverItIsSpelledInPlanAndQuestion() throws {
    for (name, spelled) in [("dashed", "snd-hda_intel"), ("lined", "snd_hda-intel")] {
      let subject = "subject: {modules: [\(spelled)]}"
      _ = try sandbox.plan(sandbox.recipe(Steps.write("x", "x"), name: name, extra: subject))
    }
    for asked in ["snd-hda-intel", "snd_hda_intel", "snd-hda_intel", "snd_hda-intel"] {
      #expect(try plans("--module", asked) == [4, 3], "asked for \(asked)")
    }
    let load = try sandbox.pawl("plan", "module-load", "--set", "module=vfio_pci")
    try #require(load.status == 0, "\(load)")
    #expect(try plans("--module", "vfio-pci") == [5, 1])
    #expect(try plans("--module", "vfio_pci") == [5, 1])
    #expect(try plans("--module", "vfio") == [])
  }

  @Test func plansAreFoundByTheKernelTheyRanUnder() throws {
    let release = try sandbox.run(["/bin/uname", "-r"]).output.trimmingCharacters(
      in: .whitespacesAndNewlines)
    #expect(try plans("--kernel", release) == [2, 1])
  }

  @Test func aBackupIsWrittenToANewFileOnly() throws {
    try sandbox.write("precious\n", to: sandbox.etc("two"), mode: 0o600)
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("two", "new"), name: "third"))
    _ = try plan.approveAndRun()
    let rows = try sandbox.json("history", "backups", "--plan", plan.number)["backups"].list
    let number = String(try #require(rows.first)["backup"].int)
    let target = sandbox.path + "/restored"
    #expect(try sandbox.pawl("history", "restore", number, "--to", target).status == 0)
    #expect(try sandbox.text(target) == "precious\n")
    var found = stat()
    try #require(stat(target, &found) == 0)
    #expect(found.st_mode & 0o777 == 0o600)

    let again = try sandbox.pawl("history", "restore", number, "--to", target)
    #expect(again.status == 73, "\(again)")
    #expect(try sandbox.pawl("history", "restore", "999999", "--to", target + "2").status == 66)
    let absent = try sandbox.json("history", "backups", "--plan", "1")["backups"].list
    let none = String(try #require(absent.first)["backup"].int)
    let nothing = try sandbox.pawl("history", "restore", none, "--to", target + "3")
    #expect(nothing.status == 6, "what was absent has no bytes: \(nothing)")
  }

  @Test func aBackupComesBackWithOwnerModeTimeAndAttributes() throws {
    let file = try sandbox.write("precious\n", to: sandbox.etc("two"), mode: 0o640)
    if Pawl.isRoot { try #require(chown(file, 1234, 2345) == 0) }
    let labelled = setAttribute("user.pawl.test", "kept", of: file)
    try setModified(file, seconds: 1_000_000_001, nanos: 123_456_789)
    let before = try Standing(file)
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("two", "new"), name: "third"))
    try #require(try plan.approveAndRun().status == 0)
    let rows = try sandbox.json("history", "backups", "--plan", plan.number)["backups"].list
    let number = String(try #require(rows.first)["backup"].int)
    let target = sandbox.path + "/restored"
    let answer = try sandbox.json("history", "restore", number, "--to", target)
    #expect(try answer["not_given"].list.isEmpty && answer["bytes"].int == 9)
    #expect(try Standing(target) == before)
    #expect(attribute("user.pawl.test", of: target) == (labelled ? "kept" : nil))
  }

  @Test(.enabled(if: Pawl.isRoot, "needs a file of somebody else"))
  func whoMayNotGiveAnOwnerIsToldSo() throws {
    // His folder and journal, root's file in it: he may read and replace it, not own it away.
    for path in [sandbox.root + "/etc", sandbox.root] {
      try #require(chown(path, nobody, nobody) == 0)
    }
    try sandbox.write("precious\n", to: sandbox.etc("two"), mode: 0o644)
    let recipe = try sandbox.recipe(Steps.write("two", "new"), name: "third")
    let made = try sandbox.asNobody(["plan", recipe], more: ["--json"])
    try #require(made.status == 0, "\(made)")
    let step = try JSON(made.output)["steps"].item(0)
    let approval = ["--step", "write", "--digest", try step["digest"].string]
    try #require(try sandbox.asNobody(["approve", "1"] + approval).status == 0)
    _ = try sandbox.asNobody(["run", "1"])
    let backups = try sandbox.asNobody(["history", "backups"], more: ["--json"])
    let number = String(try JSON(backups.output)["backups"].item(0)["backup"].int)
    let target = sandbox.etc("restored")
    let answer = try sandbox.asNobody(["history", "restore", number, "--to", target])
    #expect(answer.status == 0, "\(answer)")
    #expect(answer.output.contains("Not given back: its owner (uid 0); this user may not give it."))
    #expect(try sandbox.text(target) == "precious\n")
    #expect(try Standing(target).uid == nobody)
  }

  @Test func whatARecipeSaysOfItselfCannotDriveTheTerminal() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(
        "{id: x, label: \"a\\e[2J\\u202Eb\", risk: low, command: [echo, \"\\e]0;title\\a\"]}"))
    for verb in [
      ["show", plan.number], ["show", plan.number, "--step", "x"],
      ["history", "show", plan.number], ["status"], ["run", plan.number],
    ] {
      let answer = try sandbox.run([Pawl.program] + verb + ["--journal", sandbox.journal])
      #expect(!(answer.output + answer.errors).contains("\u{1B}"), "\(verb)")
      #expect(!(answer.output + answer.errors).contains("\u{202E}"), "\(verb)")
    }
  }
}
