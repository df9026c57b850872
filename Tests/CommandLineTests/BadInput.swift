import Foundation
import Testing

/// Something wrong that a person might hand to Pawl, and the exit status it deserves.
struct BadInput: Sendable, CustomTestStringConvertible {
  let name: String
  let status: Int32
  let prepare: @Sendable (Sandbox) throws -> [String]

  var testDescription: String { name }

  /// A recipe file of this text, for `pawl plan`.
  static func recipe(_ name: String, _ text: String, status: Int32 = 65) -> BadInput {
    recipe(name, bytes: Array(text.utf8), status: status)
  }

  static func recipe(_ name: String, bytes: [UInt8], status: Int32 = 65) -> BadInput {
    BadInput(name: "recipe: " + name, status: status) { sandbox in
      let path = sandbox.path + "/recipes/bad.yaml"
      try Data(bytes).write(to: URL(filePath: path))
      return ["plan", path, "--journal", sandbox.journal, "--root", sandbox.root]
    }
  }

  /// A recipe with one step, of this text.
  static func step(_ name: String, _ text: String, status: Int32 = 65) -> BadInput {
    recipe(name, head + "steps:\n  - {label: x, \(text)}\n", status: status)
  }

  static let head = "name: bad\ndescription: d\nrollback: {description: r}\n"
  static let good = head + "steps: [{label: x, risk: low, command: [\"true\"], effects: none}]\n"

  /// A journal spoilt like this, for every verb that opens one.
  static func journals(
    _ name: String, status: Int32 = 65, verbs: [[String]] = readers + writers,
    _ spoil: @escaping @Sendable (String) throws -> Void
  ) -> [BadInput] {
    verbs.map { verb in
      BadInput(name: "journal: \(name): \(verb.joined(separator: " "))", status: status) {
        sandbox in
        _ = try sandbox.plan(sandbox.write(good, to: sandbox.path + "/recipes/good.yaml"))
        try spoil(sandbox.journal)
        return verb + ["--journal", sandbox.journal]
      }
    }
  }

  static let readers = [["status"], ["history"], ["history", "verify"]]
  static let writers = [["resume", "1"], ["runner", "1"]]

  static func command(
    _ arguments: [String], status: Int32 = 64, journal: Bool = true
  ) -> BadInput {
    let shown = arguments.map { $0.count > 40 ? $0.prefix(40) + "…" : $0 }
    return BadInput(name: "command: pawl " + shown.joined(separator: " "), status: status) {
      sandbox in
      _ = try sandbox.plan(sandbox.write(good, to: sandbox.path + "/recipes/good.yaml"))
      return arguments.map { $0.replacing("RECIPES", with: sandbox.path + "/recipes") }
        + (journal ? ["--journal", sandbox.journal] : [])
    }
  }
}

// MARK: - Recipes

extension BadInput {
  static let recipes: [BadInput] = [
    .recipe("empty", ""), .recipe("blank lines", "\n\n  \n"), .recipe("a scalar", "hello"),
    .recipe("a list", "- a\n- b\n"), .recipe("null", "~\n"), .recipe("open bracket", "steps: ["),
    .recipe("tabs", "name:\tx\n\tsteps: y\n"), .recipe("two documents", good + "---\n" + good),
    .recipe("a duplicate key", good + "name: again\n"), .recipe("an unknown key", good + "x: 1\n"),
    .recipe("no steps", head), .recipe("an empty list of steps", head + "steps: []\n"),
    .recipe("steps that are a mapping", head + "steps: {a: b}\n"),
    .recipe("no rollback", good.replacing("rollback: {description: r}\n", with: "")),
    .recipe("a run by itself", good + "auto_execute: true\n"),
    .recipe("a cyclic alias", "name: &a [*a]\n"), .recipe("an unknown alias", "name: *nobody\n"),
    .recipe("aliases that multiply", bomb), .recipe("deep lists", nested("[", "]", 5000)),
    .recipe("very deep lists", nested("[", "]", 200_000)),
    .recipe("deep mappings", nested("{a: ", "}", 20_000)),
    .recipe("deep block lists", head + String(repeating: "- ", count: 20_000) + "x\n"),
    .recipe("a binary tag", "name: !!binary \"////\"\n"),
    .recipe(
      "a huge number", good.replacing("effects", with: "timeout: 99999999999999999999, effects")),
    .recipe("NUL bytes", bytes: [0, 0, 0, 0]),
    .recipe("bytes that are not UTF-8", bytes: [0xFF, 0xFE, 0x80, 0xC0, 0xAF]),
    .recipe("UTF-16", bytes: [0xFF, 0xFE, 0x6E, 0x00, 0x61, 0x00]),
    .recipe("a mebibyte too many", bytes: [UInt8](repeating: 0x61, count: (1 << 20) + 1)),
    .recipe("one scalar of a mebibyte", bytes: [UInt8](repeating: 0x61, count: 1 << 20)),
    .recipe("random bytes", bytes: noise),
    .recipe("JSON cut short", "{\"name\": \"x\", \"steps\": ["),
    .recipe(
      "a pattern that never ends",
      head + "parameters: {a: {pattern: \"(((((\"}}\n"
        + "steps: [{label: x, risk: low, command: [\"true\"], effects: none}]\n"),
    .step("no risk", "command: [\"true\"]"), .step("no action", "risk: low"),
    .step("an unknown risk", "risk: severe, command: [\"true\"]"),
    .step("two actions", "risk: low, command: [\"true\"], remove_file: {path: /etc/x}"),
    .step("a shell string", "risk: low, command: modprobe loop"),
    .step("a shell", "risk: low, command: [bash, -c, \"echo x\"]"),
    .step(
      "a command that changes /etc unsaved", "risk: low, command: [sed, -i, s/a/b/, /etc/fstab]"),
    .step("an empty command", "risk: low, command: []"),
    .step("a relative path", "risk: low, remove_file: {path: etc/x}"),
    .step("a path that climbs", "risk: low, remove_file: {path: /etc/../../x}", status: 65),
    .step(
      "a mode that is none", "risk: low, write_file: {path: /etc/x, content: x, mode: \"99999\"}"),
    .step(
      "a fact that nobody knows", "risk: low, effects: none, command: [echo, \"{{nonsense}}\"]"),
    .step("an open brace", "risk: low, effects: none, command: [echo, \"{{root\"]"),
    .step("a time that is none", "risk: low, effects: none, timeout: soon, command: [\"true\"]"),
    .step("a negative time", "risk: low, effects: none, timeout: -5s, command: [\"true\"]"),
    .step("a check without end", "risk: low, effects: none, command: [\"true\"], check: \"true\""),
    .step(
      "interrupted: check, without one",
      "risk: low, effects: none, interrupted: check, command: [\"true\"]"),
    .step("a restart of nothing", "risk: medium, restart_required: toaster"),
  ]

  private static func nested(_ open: String, _ close: String, _ depth: Int) -> String {
    "name: " + String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth)
  }

  private static var bomb: String {
    let levels = (1...9).map { level in
      "a\(level): &a\(level) ["
        + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
        + "]\n"
    }
    return "a0: &a0 x\n" + levels.joined()
  }

  /// The same bytes in every run.
  static let noise: [UInt8] = {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<8192).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
  }()
}

// MARK: - Journals

extension BadInput {
  static let journals: [BadInput] =
    journals("of no bytes") { try Data().write(to: URL(filePath: $0)) }
    + journals("random bytes") { try Data(noise).write(to: URL(filePath: $0)) }
    + journals("cut in the middle") { path in
      try settle(path)
      let bytes = try Data(contentsOf: URL(filePath: path))
      try bytes.prefix(bytes.count / 2).write(to: URL(filePath: path))
    }
    + journals("cut inside its header") { path in
      try settle(path)
      try Data(contentsOf: URL(filePath: path)).prefix(60).write(to: URL(filePath: path))
    }
    + journals("with noise behind a good header", verbs: [["status"], ["history", "verify"]]) {
      path in
      try settle(path)
      var bytes = try Data(contentsOf: URL(filePath: path))
      for index in 4096..<bytes.count { bytes[index] = noise[index % noise.count] }
      try bytes.write(to: URL(filePath: path))
    }
    + journals("of another program") { path in
      try settle(path)
      try patch(path, at: 68, [0x12, 0x34, 0x56, 0x78])
    }
    + journals("of a newer version") { path in
      try settle(path)
      try patch(path, at: 60, [0, 0, 0x27, 0x0F])
    }
    + journals("that is a text file") { try Data("hello\n".utf8).write(to: URL(filePath: $0)) }
    + journals("that is a folder", status: 66, verbs: readers) { path in
      try remove(path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    + journals("that is a pipe", status: 66, verbs: readers) { path in
      try remove(path)
      try #require(mkfifo(path, 0o600) == 0)
    }
    + journals("that is not there", status: 66) { try remove($0) }
    + journals("whose folder is not there", status: 66, verbs: readers) { path in
      try FileManager.default.removeItem(
        at: URL(filePath: path).deletingLastPathComponent())
    }

  /// Brings everything into the one file, as after a clean end.
  private static func settle(_ path: String) throws {
    for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
      try #require(
        try FileManager.default.attributesOfItem(atPath: path + suffix)[.size] as? Int == 0
          || suffix == "-shm", "the journal was not closed in order")
      try FileManager.default.removeItem(atPath: path + suffix)
    }
  }

  private static func remove(_ path: String) throws {
    for suffix in ["", "-wal", "-shm", ".head", ".lock"]
    where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.removeItem(atPath: path + suffix)
    }
  }

  private static func patch(_ path: String, at offset: Int, _ new: [UInt8]) throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes.replaceSubrange(offset..<offset + new.count, with: new)
    try bytes.write(to: URL(filePath: path))
  }
}

// MARK: - Command lines

extension BadInput {
  private static let zeros = String(repeating: "0", count: 64)
  private static let long = String(repeating: "x", count: 100_000)

  static let commands: [BadInput] = [
    .command(["frobnicate"], journal: false), .command(["--frobnicate"], journal: false),
    .command(["plan"], journal: false), .command(["recipe", "lint"], journal: false),
    .command(["show", "one"]), .command(["show", "1.5"]), .command(["show", "99"], status: 66),
    .command(["show", "0"], status: 66), .command(["show", "-1"]),
    .command(["show", "99999999999999999999"]), .command(["show", "1", "--step", "no"]),
    .command(["show", "9223372036854775807"], status: 66), .command(["logs", "99"], status: 66),
    .command(["logs", "1", "--step", "no"]), .command(["run"]),
    .command(["run", "99"], status: 66),
    .command(["run", "1", "2"]), .command(["watch", "99"], status: 66),
    .command(["status", "99"], status: 66), .command(["resume", "99"], status: 66),
    .command(["approve", "1", "--step", "x"]),
    .command(["approve", "1", "--step", "no", "--digest", zeros]),
    .command(["approve", "1", "--step", "x", "--digest", zeros], status: 3),
    .command(["approve", "1", "--step", "x", "--digest", long], status: 3),
    .command(["rollback", "1"], status: 6), .command(["pause", "99"], status: 66),
    .command(["resolve", "1", "--step", "x", "maybe"]),
    .command(["resolve", "1", "--step", "x", "done"], status: 6),
    .command(["history", "list", "--result", "fine"]),
    .command(["history", "list", "--limit", "0"]),
    .command(["history", "list", "--limit", "-9223372036854775808"]),
    .command(["history", "list", "--since", "yesterday"]),
    .command(["history", "list", "--since", "0000-00-00T99:99:99Z"]),
    .command(["history", "show", "99"], status: 66),
    .command(["history", "restore", "99", "--to", "/nowhere/at/all"], status: 66),
    .command(["history", "verify", "--head", "x"]),
    .command(["history", "verify", "--head", "99999999999999999999:" + zeros]),
    .command(["plan", "no-such-recipe"], status: 66),
    .command(["plan", "RECIPES"], status: 65), .command(["plan", ""], status: 66),
    .command(["plan", "RECIPES/good.yaml", "--root", "/no/such/root"], status: 66),
    .command(["plan", "RECIPES/good.yaml", "--set", "x=1", "--root", "RECIPES"]),
    .command(["plan", "RECIPES/good.yaml", "--set", "x", "--root", "RECIPES"]),
    .command(["plan", "RECIPES/good.yaml", "--set", "=x", "--root", "RECIPES"]),
    .command(["plan", "RECIPES/good.yaml", "--set", "a=1", "--set", "a=2", "--root", "RECIPES"]),
    .command(["plan", "module-load", "--root", "RECIPES"]),
    .command(["plan", "module-load", "--set", "module=../x", "--root", "RECIPES"]),
    .command(["plan", "module-load", "--set", "module=" + long, "--root", "RECIPES"]),
    .command(["plan", "module-load", "--set", "module=a\nb", "--root", "RECIPES"]),
    .command(["recipe", "show", "no-such"], status: 66, journal: false),
    .command(["recipe", "lint", "RECIPES/none.yaml"], status: 66, journal: false),
  ]
}
