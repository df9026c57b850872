import Foundation
import Glibc
import Testing

/// A folder of a test's own: a journal only this user can read, a system to act on with `--root`,
/// recipes. Gone with the test.
final class Sandbox: Sendable {
  let path: String
  var journal: String { path + "/state/journal.db" }
  var root: String { path + "/root" }

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    path = base + "/pawl-cli-" + String(UInt64.random(in: .min ... .max), radix: 36)
    for folder in ["", "/state", "/root", "/root/etc", "/recipes"] {
      try #require(mkdir(path + folder, folder == "/state" ? 0o700 : 0o755) == 0)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  // MARK: - Files

  /// The path of a file below the root.
  func etc(_ name: String) -> String { root + "/etc/" + name }

  @discardableResult
  func write(_ text: String, to path: String, mode: mode_t = 0o644) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path))
    try #require(chmod(path, mode) == 0)
    return path
  }

  func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// A recipe of these steps, in YAML, each a mapping in braces.
  func recipe(_ steps: String..., name: String = "sample", extra: String = "") throws -> String {
    let lines = steps.map { "  - \($0)\n" }.joined()
    let text = """
      name: \(name)
      description: A sample
      rollback: {description: "put the files back"}
      \(extra)
      steps:
      \(lines)
      """
    return try write(text, to: "\(path)/recipes/\(name).yaml")
  }

  // MARK: - Pawl

  /// Runs `pawl` with standard input at its end, this journal and this root, and nothing of this
  /// process's environment.
  func pawl(_ arguments: String..., environment: [String: String] = [:]) throws -> Answer {
    try run([Pawl.program] + arguments + place(for: arguments), environment: environment)
  }

  /// The same, asking for JSON, which has to come with `schema` in front.
  func json(_ arguments: String..., at place: SourceLocation = #_sourceLocation) throws -> JSON {
    let answer = try run([Pawl.program] + arguments + self.place(for: arguments) + ["--json"])
    let dense = answer.output.filter { !$0.isWhitespace }
    #expect(dense.hasPrefix(#"{"schema":"pawl."#), "\(answer)", sourceLocation: place)
    return try JSON(answer.output)
  }

  private func place(for arguments: [String]) -> [String] {
    arguments.first == "recipe" ? [] : ["--journal", journal, "--root", root]
  }

  func run(_ argv: [String], environment: [String: String] = [:]) throws -> Answer {
    let child = try Child(argv, environment: environment, folder: path)
    return try child.ended()
  }

  /// Runs `pawl` as a user who is not root, with a journal of his own in a folder of his own.
  func asNobody(_ arguments: [String], more: [String] = []) throws -> Answer {
    let folder = path + "/nobody"
    if !exists(folder) {
      try #require(mkdir(folder, 0o700) == 0)
      try #require(chown(folder, nobody, nobody) == 0)
    }
    let identity = ["--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"]
    return try run(
      ["/usr/bin/setpriv"] + identity + [Pawl.program] + arguments
        + ["--journal", folder + "/journal.db", "--root", root] + more)
  }

  /// A plan of this recipe, with its number and steps.
  func plan(_ recipe: String, _ more: String...) throws -> Plan {
    let argv = [Pawl.program, "plan", recipe, "--journal", journal, "--root", root, "--json"]
    let answer = try run(argv + more)
    try #require(answer.status == 0, "\(answer)")
    return try Plan(answer: JSON(answer.output), sandbox: self)
  }
}

/// A plan as `pawl plan --json` answers it.
struct Plan {
  let number: String
  let digest: String
  let host: String
  let steps: [JSON]
  private let sandbox: Sandbox

  init(answer: JSON, sandbox: Sandbox) throws {
    number = String(try answer["plan"].int)
    digest = try answer["digest"].string
    host = try answer["host"].string
    steps = try answer["steps"].list
    self.sandbox = sandbox
  }

  func digest(of id: String) throws -> String {
    let step = try #require(try steps.first { try $0["id"].string == id })
    return try step["digest"].string
  }

  /// Approves each step by its digest and this host's name.
  func approveAll() throws {
    for step in steps { try approve(step["id"].string) }
  }

  func approve(_ id: String) throws {
    let answer = try sandbox.pawl(
      "approve", number, "--step", id, "--digest", digest(of: id), "--host", host)
    try #require(answer.status == 0, "\(answer)")
  }

  func approveAndRun() throws -> Answer {
    try approveAll()
    return try sandbox.pawl("run", number)
  }

  func rollBack() throws -> Answer {
    try sandbox.pawl("rollback", number, "--digest", digest, "--host", host)
  }

  func state() throws -> String { try sandbox.json("show", number)["state"].string }
}

/// A user with no rights and no files of his own.
let nobody: uid_t = 65534
