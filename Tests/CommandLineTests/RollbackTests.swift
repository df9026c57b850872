import Foundation
import Glibc
import Testing

/// Nothing is destroyed: what a plan changed comes back exactly, and what somebody wrote since is
/// never lost.
@Suite struct RollbackTests {
  let sandbox: Sandbox
  private var file: String { sandbox.etc("one.conf") }

  init() throws { sandbox = try Sandbox() }

  @Test func rollbackRestoresBytesModeOwnerTimesAndAttributes() throws {
    try sandbox.write("old \u{0}bytes, no line end", to: file, mode: 0o640)
    if Pawl.isRoot { try #require(chown(file, 1234, 2345) == 0) }
    let labelled = setAttribute("user.pawl.test", "kept", of: file)
    try setModified(file, seconds: 1_000_000_001, nanos: 123_456_789)
    let before = try Standing(file)

    let plan = try sandbox.plan(sandbox.recipe(Steps.write("one.conf", "new\\n")))
    #expect(try plan.approveAndRun().status == 0)
    #expect(try sandbox.text(file) == "new\n")
    #expect(try Standing(file).mode == 0o644)
    #expect(try plan.rollBack().status == 4)
    #expect(try Standing(file) == before)
    #expect(attribute("user.pawl.test", of: file) == (labelled ? "kept" : nil))
  }

  @Test func rollbackRestoresTheModeOfAFileWhoseBytesStayed() throws {
    try sandbox.write("same\n", to: file, mode: 0o600)
    let before = try Standing(file)
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("one.conf", "same\\n")))
    #expect(try plan.approveAndRun().status == 0)
    #expect(try Standing(file).mode == 0o644, "the step sets the mode")
    #expect(try plan.rollBack().status == 4)
    #expect(try Standing(file) == before)
  }

  @Test func rollbackRestoresWhatACommandDidToAFileItNamed() throws {
    try sandbox.write("old\n", to: file, mode: 0o600)
    try sandbox.write("gone\n", to: sandbox.etc("gone"))
    let before = try Standing(file)
    // One file is replaced, one goes away, one is new.
    let plan = try sandbox.plan(
      sandbox.recipe(
        """
        {id: edit, label: Edit, risk: low, needs_sudo: true,
             command: [mv, --backup=simple, --suffix=.old, "{{root}}/etc/gone",
                       "{{root}}/etc/one.conf"],
             backup: [/etc/one.conf, /etc/gone, /etc/one.conf.old]}
        """))
    #expect(try plan.approveAndRun().status == 0)
    #expect(try sandbox.text(file) == "gone\n")
    #expect(!sandbox.exists(sandbox.etc("gone")))
    #expect(sandbox.exists(file + ".old"))
    #expect(try plan.rollBack().status == 4)
    #expect(try Standing(file) == before)
    #expect(try sandbox.text(file) == "old\n")
    #expect(try sandbox.text(sandbox.etc("gone")) == "gone\n")
    #expect(!sandbox.exists(file + ".old"), "what was absent is absent again")
  }

  @Test func aRemovedFileComesBackAndAnAppendedLineGoes() throws {
    try sandbox.write("a\nb", to: file)
    try sandbox.write("removed\n", to: sandbox.etc("two"))
    let plan = try sandbox.plan(
      sandbox.recipe(
        "{id: add, label: Add, risk: low, needs_sudo: true, "
          + "append_line: {path: /etc/one.conf, line: c}}",
        "{id: drop, label: Drop, risk: low, needs_sudo: true, remove_file: {path: /etc/two}}",
        "{id: copy, label: Copy, risk: low, needs_sudo: true, "
          + "copy_file: {from: /etc/one.conf, to: /etc/three, mode: \"0600\"}}"))
    #expect(try plan.approveAndRun().status == 0)
    #expect(try sandbox.text(file) == "a\nb\nc\n")
    #expect(try sandbox.text(sandbox.etc("three")) == "a\nb\nc\n")
    #expect(!sandbox.exists(sandbox.etc("two")))
    #expect(try plan.rollBack().status == 4)
    #expect(try sandbox.text(file) == "a\nb")
    #expect(try sandbox.text(sandbox.etc("two")) == "removed\n")
    #expect(!sandbox.exists(sandbox.etc("three")))
  }

  @Test func newerEditsAreKeptInTheJournalBeforeTheSecondRollbackReplacesThem() throws {
    try sandbox.write("old\n", to: file)
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("one.conf", "new\\n")))
    _ = try plan.approveAndRun()
    try sandbox.write("a person's later edit\n", to: file)
    let first = try plan.rollBack()
    #expect(first.status == 5, "\(first)")
    #expect(first.errors.contains("one.conf"))
    #expect(try sandbox.text(file) == "a person's later edit\n")
    #expect(try plan.state() == "rollback-failed")

    #expect(try plan.rollBack().status == 4)
    #expect(try sandbox.text(file) == "old\n")
    let kept = try sandbox.json("history", "backups", "--path", file)["backups"].list
    let restored = try kept.map { row in
      let target = sandbox.path + "/restored-\(try row["backup"].int)"
      let answer = try sandbox.pawl(
        "history", "restore", String(try row["backup"].int), "--to", target)
      #expect(answer.status == 0, "\(answer)")
      return try sandbox.text(target)
    }
    #expect(Set(restored) == ["old\n", "a person's later edit\n"])
  }

  @Test func anUndoThatFailedStopsTheChainAndIsTriedAgainOnRequest() throws {
    let script = try sandbox.write("exit 1\n", to: sandbox.path + "/undo.sh")
    let plan = try sandbox.plan(
      sandbox.recipe(
        Steps.write("one.conf", "first\\n", id: "first"),
        Steps.run("\"true\"", id: "second", more: "undo: [sh, \(script)]")))
    _ = try plan.approveAndRun()
    #expect(try plan.rollBack().status == 5)
    #expect(sandbox.exists(file), "steps before the stuck one are not undone")
    #expect(try sandbox.json("status")["state"].string == "rollback-failed")
    try sandbox.write("exit 0\n", to: script)
    #expect(try plan.rollBack().status == 4)
    #expect(!sandbox.exists(file))
  }

  @Test func aSkippedStepIsNeverUndone() throws {
    let mark = sandbox.path + "/undone"
    let plan = try sandbox.plan(
      sandbox.recipe(
        "{id: there, label: There, risk: low, command: [\"false\"], check: [\"true\"], "
          + "undo: [touch, \(mark)]}",
        Steps.write("one.conf", "x")))
    #expect(try plan.approveAndRun().status == 0)
    #expect(try sandbox.json("show", plan.number)["steps"].item(0)["state"].string == "skipped")
    #expect(try plan.rollBack().status == 4)
    #expect(!sandbox.exists(mark))
    #expect(!sandbox.exists(file))
  }

  @Test func linksAndFilesWithSeveralNamesAreNotReplaced() throws {
    try sandbox.write("elsewhere\n", to: sandbox.path + "/elsewhere")
    try #require(symlink(sandbox.path + "/elsewhere", file) == 0)
    let refused = try sandbox.pawl("plan", sandbox.recipe(Steps.write("one.conf", "x")))
    #expect(refused.status == 6, "\(refused)")
    try FileManager.default.removeItem(atPath: file)
    try #require(link(sandbox.path + "/elsewhere", file) == 0)
    let plan = try sandbox.plan(sandbox.recipe(Steps.write("one.conf", "x")))
    #expect(try plan.approveAndRun().status == 1)
    #expect(try sandbox.text(sandbox.path + "/elsewhere") == "elsewhere\n")
  }
}
