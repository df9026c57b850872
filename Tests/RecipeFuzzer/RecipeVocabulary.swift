import Fuzzing

/// What YAML and recipes are made of.
enum RecipeVocabulary {
  static let all = Vocabulary(
    tokens: tokens, words: words,
    pairs: [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("!t ", ""), ("((", "))")])

  private static let tokens = [
    "\n", "\n  ", "\n- ", ": ", ":", "- ", ", ", "[", "]", "{", "}", "\"", "'", "#", "|", ">",
    "|-\n",
    ">+9\n", "&a ", "*a", "!!int ", "!!binary ", "!!set ", "!!merge ", "!<x> ", "<<: ", "? ",
    "---\n",
    "...\n", "%YAML 1.2\n", "%TAG ! x\n", "\t", "\r\n", "\r", "\u{FEFF}", "\u{2028}", "\u{85}", "é",
    "\u{1F600}", "\u{301}", "\\x00", "\\u0000", "\\U0010FFFF", "\\ud800", "~", "null", "true", "no",
    ".inf", ".nan", "-0", "0x", "0o17", "1e999", "-9223372036854775808", "9223372036854775808",
    "{{", "}}", "{{}}", "{{root}}", "{{module}}", "{{nonsense}}", "{{ root }}", "{{{root}}}", "..",
    "/..", "//", "/etc/../..", "^", "$", "(", ")", "[^", "*", "+", "?", "{0,99999}", "{9999999999}",
    "(a+)+$", "a|b|", "\\", "[z-a]", "[\\", "==", "=", "A=y,", "A=", "=y",
  ]

  private static let words = [
    "name", "description", "auto_execute", "rollback", "parameters", "subject", "steps", "label",
    "id", "command", "write_file", "append_line", "remove_file", "copy_file", "copy_tree",
    "kernel_config", "build", "restart_required", "restart_message", "needs_sudo", "risk", "low",
    "medium", "high", "check", "undo", "timeout", "effects", "none", "volatile", "durable",
    "interrupted", "retry", "ask", "backup", "outputs", "reads", "uses", "when", "unless", "fact",
    "is", "path", "content", "mode", "line", "from", "to", "tree", "set", "directory", "argv",
    "targets", "environment", "pattern", "default", "required", "modules", "options", "kernel",
    "system", "wsl", "bash", "-c", "update-grub", "modprobe", "/boot/vmlinuz", "/etc/fstab", "60s",
    "9999999999999h", "\"0644\"", "\"07777\"", "\"99999999999999999999\"", "clear-if-missing",
  ]
}
