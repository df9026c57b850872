import Foundation
import Glibc
import Testing

/// Bad input is answered in one or two plain sentences and the right exit status, with nothing
/// changed on disk; nothing reaches a trap of the runtime.
@Suite struct BadInputTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test(arguments: BadInput.recipes)
  func aBrokenRecipe(_ input: BadInput) throws { try expectAnswer(input) }

  @Test(arguments: BadInput.journals)
  func aBrokenJournal(_ input: BadInput) throws { try expectAnswer(input) }

  @Test(arguments: BadInput.commands)
  func aBrokenCommandLine(_ input: BadInput) throws { try expectAnswer(input) }

  @Test func thereAreEnoughOfThem() {
    #expect(BadInput.recipes.count + BadInput.journals.count + BadInput.commands.count >= 60)
  }

  private func expectAnswer(_ input: BadInput) throws {
    let arguments = try input.prepare(sandbox)
    let before = try Snapshot(of: sandbox.path)
    let answer = try sandbox.run([Pawl.program] + arguments)
    #expect(answer.status == input.status, "\(answer)")
    try expectPlainWords(answer, on: arguments)
    let changes = try Snapshot(of: sandbox.path).changes(since: before)
    guard input.name.contains("noise behind a good header") else {
      #expect(changes == [])
      return
    }
    // SQLite makes its -shm beside a journal whose damage shows only once pages are read.
    withKnownIssue(
      "reading a journal that is damaged inside touches files beside it", isIntermittent: true
    ) {
      #expect(changes == [])
    }
  }

  private func expectPlainWords(_ answer: Answer, on arguments: [String]) throws {
    #expect(answer.signal == 0, "\(answer)")
    for sign in ["Fatal error", "Swift runtime", "Stack dump", "PawlError", "Optional("] {
      #expect(!answer.errors.contains(sign), "\(answer)")
    }
    if answer.errors.hasPrefix("Error: ") {
      // swift-argument-parser's own way of saying it.
      #expect(answer.status == 64 && answer.errors.contains("Usage: "), "\(answer)")
      return
    }
    // `history verify` answers with its findings.
    if arguments.starts(with: ["history", "verify"]), answer.output.hasPrefix("damaged: ") {
      return
    }
    #expect((1...2).contains(answer.complaint.count), "\(answer)")
    #expect(answer.complaint.first?.hasPrefix("pawl: ") == true, "\(answer)")
    #expect(answer.output.isEmpty, "\(answer)")
    #expect(answer.errors.utf8.count < 2000, "it does not repeat what it was given")
  }

  // MARK: - What a user may not do

  /// As a user without rights: this one, or `nobody` where root runs the tests.
  private func asUser(_ arguments: String...) throws -> Answer {
    try Pawl.isRoot
      ? sandbox.asNobody(arguments)
      : sandbox.run(
        [Pawl.program] + arguments + [
          "--journal", sandbox.path + "/nobody/journal.db", "--root", sandbox.root,
        ])
  }

  private func usersJournal() throws -> String {
    let folder = sandbox.path + "/nobody"
    if !Pawl.isRoot { try #require(mkdir(folder, 0o700) == 0) }
    let recipe = try sandbox.write(BadInput.good, to: sandbox.path + "/recipes/good.yaml")
    try #require(try asUser("plan", recipe).status == 0)
    return folder
  }

  @Test(arguments: [["status"], ["resume", "1"], ["history"]])
  func aJournalWithoutPermissionIsNotAllowed(_ verb: [String]) throws {
    let folder = try usersJournal()
    try #require(chmod(folder + "/journal.db", 0) == 0)
    let before = try Snapshot(of: sandbox.path)
    let answer = try verb.count == 1 ? asUser(verb[0]) : asUser(verb[0], verb[1])
    #expect(answer.status == 77, "\(answer)")
    try expectPlainWords(answer, on: verb)
    #expect(try Snapshot(of: sandbox.path).changes(since: before) == [])
  }

  @Test func aReadOnlyJournalCanBeReadButNotActedUpon() throws {
    let folder = try usersJournal()
    try #require(chmod(folder + "/journal.db", 0o400) == 0 && chmod(folder, 0o500) == 0)
    defer { chmod(folder, 0o700) }
    let before = try Snapshot(of: sandbox.path)
    #expect(try asUser("status").status == 0)
    #expect(try asUser("history", "verify").status == 0)
    for verb in ["resume", "runner", "pause"] {
      let answer = try asUser(verb, "1")
      #expect(answer.status == 77, "\(verb): \(answer)")
      try expectPlainWords(answer, on: [verb])
    }
    let changes = try Snapshot(of: sandbox.path).changes(since: before)
    withKnownIssue(
      "reading touches the files that SQLite keeps beside a journal", isIntermittent: true
    ) {
      #expect(changes == [])
    }
  }

  @Test func aRecipeWithoutPermissionIsNotRead() throws {
    let recipe = try sandbox.write(BadInput.good, to: sandbox.path + "/recipes/r.yaml", mode: 0)
    let answer = try asUser("plan", recipe)
    #expect(answer.status == 66, "\(answer)")
    try expectPlainWords(answer, on: ["plan"])
  }

  @Test func aFolderThatCannotBeWrittenGetsNoJournal() throws {
    _ = try usersJournal()
    let recipe = sandbox.path + "/recipes/good.yaml"
    let argv = [Pawl.program, "plan", recipe, "--root", sandbox.root, "--journal"]
    let place = "/proc/no-journal-here/journal.db"
    let answer = try sandbox.run(argv + [place])
    #expect([66, 73, 74, 77].contains(answer.status), "\(answer)")
    try expectPlainWords(answer, on: ["plan"])
  }
}

/// Every file below a folder: its mode, its time of change and its bytes. Left out is what SQLite's
/// readers share while they read.
struct Snapshot {
  private var entries: [String: String] = [:]

  init(of folder: String) throws {
    let names = FileManager.default.enumerator(atPath: folder)
    while let name = names?.nextObject() as? String {
      if name.hasSuffix(".db-shm") { continue }
      let path = "\(folder)/\(name)"
      var found = stat()
      try #require(lstat(path, &found) == 0)
      var text = "mode \(String(found.st_mode, radix: 8)) owner \(found.st_uid):\(found.st_gid)"
      if found.st_mode & S_IFMT == S_IFREG {
        text += " time \(found.st_mtim.tv_sec).\(found.st_mtim.tv_nsec)"
        text += " bytes \(try Data(contentsOf: URL(filePath: path)).base64EncodedString())"
      }
      entries[name] = text
    }
  }

  func changes(since before: Snapshot) -> [String] {
    Set(entries.keys).union(before.entries.keys).filter { entries[$0] != before.entries[$0] }
      .sorted()
  }
}
