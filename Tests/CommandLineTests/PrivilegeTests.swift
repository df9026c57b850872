import Foundation
import Glibc
import Testing

/// A step gets no more of root than it needs: what its program sees of itself.
@Suite(.enabled(if: Pawl.isRoot, "dropping privileges takes root"))
struct PrivilegeTests {
  let sandbox: Sandbox
  private let asker: uid_t = 65534

  init() throws { sandbox = try Sandbox() }

  /// Programs of the system that tell what they see of themselves: root would run no script that
  /// stands where these tests may write.
  private static let looks = [
    "status": "grep, -E, \"^(Uid|Gid|Groups|CapEff|Umask):\", /proc/self/status",
    "streams": "readlink, /proc/self/fd/0, /proc/self/fd/1",
    "ids": "cut, \"-d \", \"-f1,5,7\", /proc/self/stat", "folder": "pwd", "environment": "env",
  ]

  /// What each of them printed at last, in a plan that was asked for through sudo by a user who is
  /// not root and run by root.
  private func report(needsRoot: Bool, undo: Bool = false) throws -> [String: [String]] {
    let secret = ["SUDO_UID": "\(asker)", "LD_PRELOAD": "", "SECRET": "x", "BASH_ENV": "/x"]
    let recipe = try recipe(needsRoot: needsRoot, undo: undo)
    let argv = [
      Pawl.program, "plan", recipe, "--journal", sandbox.journal, "--root", sandbox.root, "--json",
    ]
    let made = try sandbox.run(argv, environment: secret)
    try #require(made.status == 0, "\(made)")
    let plan = try Plan(answer: JSON(made.output), sandbox: sandbox)
    try plan.approveAll()
    let run = try sandbox.pawl("run", plan.number, environment: secret)
    try #require(run.status == 0, "\(run)")
    if undo { try #require(try plan.rollBack().status == 4) }
    var seen: [String: [String]] = [:]
    var step = ""
    for line in try sandbox.pawl("logs", plan.number).output.split(separator: "\n") {
      if line.hasPrefix("== ") {
        step = line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        seen[step] = []
      } else {
        seen[step]?.append(String(line).replacing("\t", with: " "))
      }
    }
    return seen
  }

  private func recipe(needsRoot: Bool, undo: Bool) throws -> String {
    let steps = Self.looks.sorted { $0.key < $1.key }.map { id, command in
      "  - "
        + Steps.run(
          command, id: id,
          more: "effects: volatile, needs_sudo: \(needsRoot)"
            + (undo ? ", undo: [\(command)]" : "")) + "\n"
    }
    return try sandbox.write(
      "name: looks\ndescription: Look\nrollback: {description: none}\nsteps:\n"
        + steps.joined(), to: sandbox.path + "/recipes/looks.yaml")
  }

  @Test(arguments: [false, true])
  func aStepThatNeedsNoRootRunsAsTheAskerInEveryRespect(undo: Bool) throws {
    let status = try #require(try report(needsRoot: false, undo: undo)["status"])
    #expect(
      status == [
        "Umask: 0022", "Uid: 65534 65534 65534 65534", "Gid: 65534 65534 65534 65534",
        "Groups: 65534 ", "CapEff: 0000000000000000",
      ])
  }

  @Test(arguments: [false, true])
  func aChildInheritsNothingOfItsStarter(needsRoot: Bool) throws {
    let seen = try report(needsRoot: needsRoot)
    let streams = try #require(seen["streams"])
    #expect(streams.first == "/dev/null")
    #expect(streams.last?.hasPrefix(sandbox.journal + ".spool/") == true)
    #expect(seen["status"]?.first == "Umask: 0022")
    let ids = try #require(seen["ids"]?.first).split(separator: " ")
    #expect(ids.count == 3 && ids[0] == ids[1], "it leads a process group of its own")
    #expect(ids.last == "0", "it has no terminal")
    #expect(seen["folder"] == ["/"])
    let names = try #require(seen["environment"]).compactMap {
      $0.split(separator: "=").first.map(String.init)
    }
    #expect(
      names.sorted() == [
        "DEBIAN_FRONTEND", "HOME", "LC_ALL", "PATH", "PAWL_ATTEMPT", "TERM", "TZ", "USER",
      ])
  }

  @Test func aStepThatNeedsRootGetsItWithRootsOwnHome() throws {
    let seen = try report(needsRoot: true)
    let status = try #require(seen["status"])
    #expect(status.contains("Uid: 0 0 0 0") && status.contains("Gid: 0 0 0 0"))
    let environment = try #require(seen["environment"])
    #expect(environment.contains("HOME=/root") && environment.contains("USER=root"))
  }

  @Test(arguments: ["needs_sudo: false", "needs_sudo: true"])
  func aChildHasNoOpenFilesButItsThreeStreams(_ more: String) throws {
    let step = Steps.run("ls, /proc/self/fd", more: "effects: none, \(more)")
    let plan = try sandbox.plan(sandbox.recipe(step))
    #expect(try plan.approveAndRun().status == 0)
    // The last one is the folder that is being listed.
    #expect(try sandbox.pawl("logs", plan.number).output.hasSuffix("\n0\n1\n2\n3\n"))
  }

  @Test(arguments: ["", "bash, ", "env, A=1, ", "nice, "])
  func aStepOfRootDoesNotRunWhatAnotherUserCanWrite(by runner: String) throws {
    let folder = sandbox.path + "/theirs"
    try #require(mkdir(folder, 0o755) == 0)
    let program = try sandbox.write("#!/bin/sh\ntouch \(sandbox.path)/ran\n", to: folder + "/tool")
    try #require(chmod(program, 0o755) == 0 && chown(folder, asker, asker) == 0)
    let step = Steps.run(runner + program, more: "effects: none, needs_sudo: true")
    let plan = try sandbox.plan(sandbox.recipe(step))
    let run = try plan.approveAndRun()
    #expect(run.status == 1, "\(run)")
    #expect(run.errors.contains("as root, since ") && run.errors.contains(" can write to "))
    #expect(!sandbox.exists(sandbox.path + "/ran"))
  }

  @Test func anApprovedStepOfAUserMayRunTheUsersOwnProgram() throws {
    let folder = sandbox.path + "/theirs"
    try #require(mkdir(folder, 0o755) == 0)
    let program = try sandbox.write("#!/bin/sh\nid -u\n", to: folder + "/tool", mode: 0o755)
    try #require(chown(folder, asker, asker) == 0)
    let plan = try sandbox.plan(sandbox.recipe(Steps.run(program)))
    #expect(try plan.approveAndRun().status == 0)
    #expect(try sandbox.pawl("logs", plan.number).output.hasSuffix("\n65534\n"))
  }
}

/// Root trusts no journal that somebody else could have written.
@Suite(.enabled(if: Pawl.isRoot, "only root distrusts other owners"))
struct JournalTrustTests {
  let sandbox: Sandbox
  private var state: String { sandbox.path + "/state" }

  init() throws {
    sandbox = try Sandbox()
    _ = try sandbox.plan(sandbox.recipe(Steps.write("a", "a")))
  }

  private func expectRefusal(_ comment: Comment) throws {
    for verb in ["run", "resume", "approve", "rollback", "pause", "runner"] {
      let answer = try sandbox.pawl(verb, "1")
      #expect(answer.status == 77, comment)
      #expect(answer.errors.contains(sandbox.path), comment)
      #expect(answer.complaint.count <= 2, comment)
    }
    let another = try sandbox.pawl("plan", sandbox.recipe(Steps.write("b", "b")))
    #expect(another.status == 77, comment)
    #expect(!sandbox.exists(sandbox.etc("a")))
  }

  @Test func aJournalOfAnotherUserIsRefused() throws {
    try #require(chown(sandbox.journal, nobody, nobody) == 0)
    try expectRefusal("owned by somebody else")
  }

  @Test func aJournalThatOthersCanWriteIsRefused() throws {
    try #require(chmod(sandbox.journal, 0o666) == 0)
    try expectRefusal("writable for all")
  }

  @Test func aJournalInAFolderOfAnotherUserIsRefused() throws {
    try #require(chown(state, nobody, nobody) == 0)
    try expectRefusal("in a folder of somebody else")
  }

  @Test func aJournalInAFolderThatOthersCanWriteIsRefused() throws {
    try #require(chmod(state, 0o777) == 0)
    try expectRefusal("in a folder that all can write")
    try #require(chmod(state, 0o1777) == 0)
    try expectRefusal("sticky or not")
  }

  @Test func aJournalBelowAFolderThatOthersCanRenameIsRefused() throws {
    try #require(chmod(sandbox.path, 0o777) == 0)
    try expectRefusal("above it")
  }

  @Test func aForeignFileBesideTheJournalIsRefused() throws {
    for companion in ["-wal", ".lock", ".head"] {
      let path = sandbox.journal + companion
      if !sandbox.exists(path) { try sandbox.write("", to: path, mode: 0o600) }
      try #require(chown(path, nobody, nobody) == 0)
      let answer = try sandbox.pawl("resume", "1")
      #expect(answer.status == 77, "\(companion): \(answer)")
      try #require(chown(path, 0, 0) == 0)
    }
  }

  @Test func theJournalAndItsCompanionsAreRootsAlone() throws {
    #expect(try sandbox.pawl("resume", "1").status == 3)
    for name in try FileManager.default.contentsOfDirectory(atPath: state) {
      var found = stat()
      try #require(lstat("\(state)/\(name)", &found) == 0)
      #expect(found.st_uid == 0 && found.st_mode & 0o077 == 0, "\(name)")
    }
  }
}
