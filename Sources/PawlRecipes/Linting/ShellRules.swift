/// Shells, and words that only a shell would understand.
enum ShellRules {
  private static let shells: Set<String> = [
    "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "busybox", "csh", "tcsh",
  ]
  private static let operators: Set<String> = [
    ">", ">>", "<", "<<", "|", "||", "&&", "2>&1", "&>", "2>", "2>/dev/null", ">/dev/null",
  ]

  static func check(_ call: Invocation, _ findings: inout Findings) {
    if let script = script(of: call) {
      findings.error(
        call.position, "A shell (\(call.program) -c) is not run: nobody can see what it will do.",
        advice(for: script))
      return
    }
    for argument in call.arguments {
      if operators.contains(argument.raw) {
        findings.error(
          argument.position, "\"\(argument.raw)\" means something to a shell only; none is run.",
          "Make a step of its own of each command; write files with write_file or append_line.")
      } else if let sign = expansion(in: argument.raw) {
        findings.warning(
          argument.position, "\"\(sign)\" is not expanded: no shell reads this.",
          "Use a parameter or a fact: {{name}}.")
      }
    }
  }

  /// What a shell was to run; nil where there is none.
  private static func script(of call: Invocation) -> String? {
    guard shells.contains(call.program) else { return nil }
    let words = call.words
    let index = words.firstIndex { word in
      word.hasPrefix("-") && !word.hasPrefix("--") && word.utf8.contains(UInt8(ascii: "c"))
    }
    guard let index else { return nil }
    return index + 1 < words.count ? words[index + 1] : ""
  }

  private static func expansion(in word: String) -> String? {
    if word.range(of: "$(") != nil { return "$(" }
    if word.range(of: "${") != nil { return "${" }
    if word.utf8.contains(UInt8(ascii: "`")) { return "`" }
    let bytes = Array(word.utf8.prefix(2))
    let isVariable =
      bytes.count == 2 && bytes[0] == UInt8(ascii: "$")
      && ((65...90).contains(bytes[1]) || bytes[1] == UInt8(ascii: "_"))
    return isVariable ? "$" : nil
  }

  private static func advice(for script: String) -> String {
    let several =
      script.range(of: "&&") != nil || script.utf8.contains(UInt8(ascii: ";"))
      || script.utf8.contains(UInt8(ascii: "|"))
    if script.range(of: ">>") != nil { return "Use `append_line: {path, line}`." }
    if script.utf8.contains(UInt8(ascii: ">")) || script.range(of: "tee ") != nil {
      return "Use `write_file: {path, content, mode}`."
    }
    if several { return "Make a step of its own of each command, each with `command: [...]`." }
    if script.hasPrefix("rm ") { return "Use `remove_file: {path}`." }
    if script.hasPrefix("cp ") { return "Use `copy_file: {from, to}`." }
    let words = script.prefix(200).split { $0 == " " || $0 == "\n" }
    return "Use `command: [\(words.joined(separator: ", "))]`."
  }
}
