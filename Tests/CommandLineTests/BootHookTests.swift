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

  /// Without its line breaks.
  private var message: String? {
    let text = try? String(contentsOfFile: sandbox.root + "/run/motd.d/pawl", encoding: .utf8)
    return text?.split(whereSeparator: \.isWhitespace).joined(separator: " ")
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

  @Test("a module that the last boot did not survive is moved aside before it is loaded, and told")
  func modules() throws {
    let file = sandbox.etc("modules-load.d/pawl-loop.conf")
    try #require(mkdir(sandbox.etc("modules-load.d"), 0o755) == 0)
    try sandbox.write("loop\n", to: file)
    let watch = sandbox.etc("pawl-modules-on-trial")
    try sandbox.write(
      "/etc/modules-load.d/pawl-loop.conf\tan-earlier-boot\n", to: watch, mode: 0o600)
    #expect(try hook("modules").status == 0)
    #expect(!sandbox.exists(file) && sandbox.exists(file + ".moved-aside"))
    #expect(try #require(message).contains("pawl-loop.conf, did not come to its end"))
    // It is told as long as the boot lasts, whatever else is told.
    try openMark()
    #expect(try hook("early").status == 0)
    let told = try #require(message)
    #expect(told.contains("did not come to its end") && told.contains("There is no journal at"))
  }

  @Test("a boot that reaches its end proves a module")
  func booted() throws {
    try #require(mkdir(sandbox.etc("modules-load.d"), 0o755) == 0)
    let file = try sandbox.write("loop\n", to: sandbox.etc("modules-load.d/pawl-loop.conf"))
    let watch = try sandbox.write(
      "/etc/modules-load.d/pawl-loop.conf\t-\n", to: sandbox.etc("pawl-modules-on-trial"),
      mode: 0o600)
    for phase in ["modules", "booted"] { #expect(try hook(phase).status == 0) }
    #expect(sandbox.exists(file) && !sandbox.exists(watch) && message == nil)
  }

  @Test(
    "a journal on a disk that cannot be written: told, and the boot goes on",
    .enabled(if: Mounting.isPossible, "needs a mount namespace of its own"))
  func readOnly() throws {
    try plans()
    try openMark()
    let folder = sandbox.path + "/state"
    let script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\""
    for phase in ["early", "resume"] {
      let answer = try sandbox.run(
        ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, folder, Pawl.program]
          + ["boot-hook", "run", phase, "--journal", sandbox.journal, "--root", sandbox.root])
      #expect(answer.status == 0 && answer.signal == 0, "\(answer)")
    }
    #expect(try #require(message).contains("Pawl could not look after its plans in this boot"))
  }

  @Test(
    "a disk that is full, with no plan under way: the boot goes on, and the journal is true",
    .enabled(if: Mounting.isPossible, "needs a mount namespace of its own"))
  func full() throws {
    try plans()
    try openMark()
    for phase in ["early", "resume"] { try runOnFullDisk(phase) }
    #expect(message == nil, "nothing is open, and nothing was to be written")
  }

  @Test(
    "a disk that is full, with a step that lost its runner: told, and the journal is true",
    .enabled(if: Mounting.isPossible, "needs a mount namespace of its own"))
  func fullUnderWay() throws {
    let plan = try sandbox.plan(
      sandbox.recipe(
        Steps.run("/bin/sleep, \"5\"", id: "long", more: "effects: none, interrupted: retry")))
    try plan.approveAll()
    let run = try Child(
      [Pawl.program, "run", plan.number, "--journal", sandbox.journal, "--root", sandbox.root],
      environment: [:], folder: sandbox.path)
    try wait(for: "the step's start") {
      let steps = try sandbox.json("show", plan.number)["steps"]
      return try steps.list.first?["state"].string == "started"
    }
    kill(pid_t(try sandbox.json("status")["runner"]["pid"].int), SIGKILL)
    #expect(try run.ended().status != 0)
    try openMark()
    try runOnFullDisk("resume")
    let told = try #require(message)
    #expect(told.contains("No space is left for the journal"))
    #expect(told.contains("Free some space there, then run `pawl resume`"))
    #expect(!told.contains("shows it at work"), "nobody is at work: \(told)")
  }

  /// The hook ends well, and what is in the journal still verifies.
  private func runOnFullDisk(_ phase: String) throws {
    let script = """
      cp -a "$0" "$0.before" && mount -t tmpfs -o size=4m none "$0" && cp -a "$0.before/." "$0"
      dd if=/dev/zero of="$0/fill" bs=4096 status=none 2>/dev/null
      "$@" || exit 9
      rm "$0/fill" && "$1" history verify --journal "$0/journal.db" --root "$6" >/dev/null || exit 8
      """
    let answer = try sandbox.run(
      ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, sandbox.path + "/state"]
        + [Pawl.program, "boot-hook", "run", phase, "--root", sandbox.root]
        + ["--journal", sandbox.journal])
    #expect(answer.status == 0 && answer.signal == 0, "\(answer)")
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
