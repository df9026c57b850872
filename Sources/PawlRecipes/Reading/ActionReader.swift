import PawlModel

/// The one action of a step.
enum ActionReader {
  static let keys = [
    "command", "write_file", "append_line", "remove_file", "copy_file", "copy_tree",
    "kernel_config", "build", "restart_required",
  ]

  static func read(_ block: Block, _ findings: inout Findings) -> RecipeAction? {
    let found = keys.filter { block.has($0) }
    guard let key = found.first, let node = block.node(key) else {
      findings.error(
        block.position, "The step has no action.",
        "Give it one of: \(keys.joined(separator: ", ")).")
      return nil
    }
    guard found.count == 1 else {
      let last = found.max { block.position(of: $0) < block.position(of: $1) } ?? key
      findings.error(
        block.position(of: last),
        "The step has \(found.count) actions (\(found.joined(separator: ", "))); a step has one.",
        "Make a step of its own for each.")
      return nil
    }
    switch key {
    case "command": return argv(block, key, &findings).map { .command($0) }
    case "write_file": return writeFile(node, &findings)
    case "append_line": return appendLine(node, &findings)
    case "remove_file":
      return fields(node, key, ["path"], &findings)?.path("path", &findings).map {
        .removeFile(path: $0)
      }
    case "copy_file": return copyFile(node, &findings)
    case "copy_tree": return copyTree(node, &findings)
    case "kernel_config": return ConfigReader.read(node, &findings)
    case "build": return build(node, &findings)
    default: return restart(block, &findings)
    }
  }

  /// A program and its arguments. A single string is refused: nothing here splits words.
  static func argv(_ block: Block, _ key: String, _ findings: inout Findings) -> [Text]? {
    block.node(key).flatMap { argv($0, key, &findings) }
  }

  static func argv(_ node: SourceNode, _ key: String, _ findings: inout Findings) -> [Text]? {
    if let shell = node.text {
      findings.error(
        node.position, "\"\(key)\" is a shell string; no shell ever reads it.",
        "Write a list: [\(words(shell))].")
      return nil
    }
    guard let items = node.list, !items.isEmpty else {
      findings.error(
        node.position,
        "\"\(key)\" is a list of a program and its arguments, but "
          + (node.list == nil ? "\(node.kind) stands here." : "it is empty."),
        "Write [program, argument, …].")
      return nil
    }
    let texts = items.compactMap {
      Block.text($0, "an argument of \"\(key)\"", &findings, mayBeEmpty: true)
    }
    guard texts.count == items.count else { return nil }
    if let program = texts.first, program.raw.isEmpty || program.raw.utf8.contains(32) {
      findings.error(
        program.position, "\"\(program.raw)\" is no program's name.",
        "Write a list: [\(words(program.raw))].")
    }
    return texts
  }

  /// The string as a list, for the advice only.
  private static func words(_ shell: String) -> String {
    let words = shell.prefix(200).split { $0 == " " || $0 == "\n" || $0 == "\t" }
    return words.isEmpty ? "program" : words.joined(separator: ", ")
  }

  private static func fields(
    _ node: SourceNode, _ what: String, _ keys: [String], _ findings: inout Findings
  ) -> Block? {
    Block(node, what, knows: keys, &findings)
  }

  private static func writeFile(_ node: SourceNode, _ findings: inout Findings) -> RecipeAction? {
    guard let block = fields(node, "write_file", ["path", "content", "mode"], &findings) else {
      return nil
    }
    let path = block.path("path", &findings)
    let content = block.required(
      "content", "Write `content: \"…\\n\"`.", &findings, mayBeEmpty: true)
    let mode = block.mode(&findings)
    guard let path, let content else { return nil }
    return .writeFile(path: path, content: content, mode: mode ?? 0o644)
  }

  private static func appendLine(_ node: SourceNode, _ findings: inout Findings) -> RecipeAction? {
    guard let block = fields(node, "append_line", ["path", "line"], &findings) else { return nil }
    let path = block.path("path", &findings)
    let line = block.required("line", "Write `line: \"…\"`, without the end of line.", &findings)
    guard let path, let line else { return nil }
    guard !line.raw.utf8.contains(10) else {
      findings.error(
        line.position, "\"line\" of append_line has an end of line in it.",
        "Write one line a step, without `\\n`.")
      return nil
    }
    return .appendLine(path: path, line: line)
  }

  private static func copyFile(_ node: SourceNode, _ findings: inout Findings) -> RecipeAction? {
    guard let block = fields(node, "copy_file", ["from", "to", "mode"], &findings) else {
      return nil
    }
    let from = block.path("from", &findings)
    let to = block.path("to", &findings)
    let mode = block.mode(&findings)
    guard let from, let to else { return nil }
    return .copyFile(from: from, to: to, mode: mode)
  }

  private static func copyTree(_ node: SourceNode, _ findings: inout Findings) -> RecipeAction? {
    guard let block = fields(node, "copy_tree", ["from", "to"], &findings) else { return nil }
    let from = block.path("from", &findings)
    let to = block.path("to", &findings)
    guard let from, let to else { return nil }
    return .copyTree(from: from, to: to)
  }

  private static func build(_ node: SourceNode, _ findings: inout Findings) -> RecipeAction? {
    guard let block = fields(node, "build", ["directory", "argv", "targets"], &findings) else {
      return nil
    }
    let directory = block.path("directory", &findings)
    let argv = argv(block, "argv", &findings)
    if !block.has("argv") {
      findings.error(
        block.position, "\"argv\" is missing in build.", "Write `argv: [make, …]`.")
    }
    let targets = block.texts("targets", &findings) ?? []
    guard let directory, let argv else { return nil }
    return .build(directory: directory, argv: argv, targets: targets)
  }

  private static func restart(_ block: Block, _ findings: inout Findings) -> RecipeAction? {
    let kind = block.word("restart_required", RestartKind.self, &findings)
    let message = block.required(
      "restart_message",
      "Say what happens and what to do if the boot fails: `restart_message: …`.", &findings)
    let trial = block.node("trial").flatMap { TrialReader.read($0, &findings) }
    if let trial, let kind, (kind == .wsl) != (trial.wsl != nil) {
      findings.error(
        block.position(of: "trial"),
        kind == .wsl
          ? "WSL has no boot loader, and the trial does not say what starts the new kernel."
          : "\"wsl\" says what WSL starts, and this restarts the system.",
        kind == .wsl
          ? "Add `wsl: {settings: …, before: …, folder: …, drivers: …}`."
          : "Leave \"wsl\" out.")
    }
    guard let kind, let message else { return nil }
    return .restart(kind: kind, message: message, trial: trial)
  }
}

extension Block {
  /// An absolute path, or one that begins with `{{`.
  func path(_ key: String, _ findings: inout Findings) -> Text? {
    guard let text = required(key, "Write an absolute path.", &findings) else { return nil }
    PathRules.check(text, &findings)
    return text
  }

  func mode(_ findings: inout Findings) -> UInt32? {
    guard let text = text("mode", &findings) else { return nil }
    guard let mode = Quantities.mode(text.raw) else {
      findings.error(
        text.position, "\"\(text.raw)\" is no mode.",
        "Write octal permission bits in quotes, without set-id bits: \"0644\".")
      return nil
    }
    return mode
  }
}

/// What every path of a recipe keeps to.
enum PathRules {
  static func check(_ text: Text, _ findings: inout Findings) {
    if !text.raw.hasPrefix("/"), !text.raw.hasPrefix("{{") {
      findings.error(
        text.position, "\"\(text.raw)\" is a relative path.",
        "Begin it with / (below the plan's root) or with a fact such as {{work}}.")
    }
    if hasParent(text.raw) {
      findings.error(
        text.position, "\"\(text.raw)\" has `..` in it.", "Write the path it stands for.")
    }
  }

  static func hasParent(_ path: String) -> Bool {
    path.split(separator: "/").contains("..")
  }
}
