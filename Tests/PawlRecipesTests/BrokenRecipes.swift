import PawlRecipes
import Testing

/// One problem and where it has to be found.
struct Broken: Sendable, CustomTestStringConvertible {
  var yaml: String
  var line: Int
  var column: Int
  var fragment: String
  var severity = Finding.Severity.error

  var testDescription: String { fragment }

  /// A step on lines 6 and following of an otherwise sound recipe.
  static func step(
    _ lines: String, _ line: Int, _ column: Int, _ fragment: String,
    severity: Finding.Severity = .error, parameters: String = "{}"
  ) -> Broken {
    Broken(
      yaml: withSteps(lines, parameters: parameters), line: line, column: column,
      fragment: fragment, severity: severity)
  }
}

/// Recipes with one problem each, by level.
enum BrokenRecipes {
  static let errors = whole + parameters + steps + commands
  static let all = errors + warnings

  static let whole: [Broken] = [
    Broken(yaml: "", line: 1, column: 1, fragment: "The file is empty"),
    Broken(yaml: "# only a remark\n", line: 1, column: 1, fragment: "The file is empty"),
    Broken(yaml: "just words", line: 1, column: 1, fragment: "A recipe is a mapping"),
    Broken(yaml: "[1, 2]", line: 1, column: 1, fragment: "A recipe is a mapping"),
    Broken(yaml: "null", line: 1, column: 1, fragment: "A recipe is a mapping, but nothing"),
    Broken(yaml: "name: a\nname: b\n", line: 1, column: 1, fragment: "more than once"),
    Broken(yaml: "name: a\n---\nname: b\n", line: 2, column: 1, fragment: "another document"),
    Broken(yaml: "name: a\n\tdescription: b\n", line: 2, column: 1, fragment: "not YAML"),
    Broken(yaml: "name: [a\n", line: 2, column: 1, fragment: "not YAML"),
    Broken(yaml: "name: \"a\u{0}b\"", line: 1, column: 9, fragment: "control character"),
    Broken(yaml: "name: \"a\\0b\"", line: 1, column: 7, fragment: "holds a NUL"),
    Broken(
      yaml: "name: *nowhere\n", line: 1, column: 7, fragment: "undefined alias"),
    Broken(
      yaml: String(repeating: "[", count: 200) + String(repeating: "]", count: 200),
      line: 1, column: 34, fragment: "deeper than 32"),
    Broken(
      yaml: "name: a\nrollback: {description: b}\nsteps: []\n", line: 1, column: 1,
      fragment: "\"description\" is missing"),
    Broken(
      yaml: "name: a\ndescription: c\nrollback: {description: b}\nsteps: []\n", line: 4, column: 8,
      fragment: "has no step"),
    Broken(
      yaml: "name: a\ndescription: c\nrollback: {description: b}\n", line: 1, column: 1,
      fragment: "\"steps\" is missing"),
    Broken(
      yaml: "name: a\ndescription: c\nrollback: {description: b}\nsteps: {label: x}\n", line: 4,
      column: 8, fragment: "\"steps\" is a list"),
    Broken(
      yaml: "name: a\ndescription: c\nsteps: []\n", line: 1, column: 1,
      fragment: "\"rollback\" is missing"),
    Broken(
      yaml: "name: a\ndescription: c\nrollback: {}\nsteps: []\n", line: 3, column: 11,
      fragment: "\"description\" is missing in rollback"),
    Broken(
      yaml: "name: a\ndescription: c\nrollback: {description: ~}\nsteps: []\n", line: 3, column: 25,
      fragment: "one value, but nothing"),
    Broken(
      yaml: "name: a\ndescription: c\nrolback: {description: b}\n", line: 3, column: 1,
      fragment: "Write \"rollback\""),
    Broken(
      yaml: "name: a b\ndescription: c\n", line: 1, column: 7, fragment: "signs that a name"),
    Broken(
      yaml: "auto_execute: true\nname: a\n", line: 1, column: 15, fragment: "is false, always"),
    Broken(
      yaml: "auto_execute: \"false\"\nname: a\n", line: 1, column: 15, fragment: "is false, always"),
  ]

  static let parameters: [Broken] = [
    .step("", 4, 14, "has no default and is not required", parameters: "{a: {pattern: x}}"),
    .step("", 4, 39, "does not match its pattern", parameters: "{a: {pattern: x, default: y}}"),
    .step("", 4, 39, "cannot be read", parameters: "{a: {default: y, pattern: \"(x\"}}"),
    .step("", 4, 15, "cannot be a parameter's name", parameters: "{ A-b: {default: y}}"),
    .step("", 4, 41, "never used", parameters: "{a: {default: y,            required: true}}"),
    .step("", 4, 18, "Unknown key \"defualt\"", parameters: "{a: {defualt: y}}"),
    .step("", 4, 39, "neither true nor false", parameters: "{a: {           required: 1}}"),
    .step("", 4, 17, "Parameter \"a\" is a mapping", parameters: "{a: text}"),
    .step("", 4, 33, "a parameter cannot replace it", parameters: "{root:    {default: /}}"),
  ]

  static let commands: [Broken] = [
    .step(
      "  - label: x\n    risk: low\n    command: [bash, -c, \"echo a >> /etc/x\"]\n", 8, 15,
      "append_line"),
    .step(
      "  - label: x\n    risk: low\n    command: [/bin/sh, -ec, \"echo a > /x\"]\n", 8, 15,
      "write_file"),
    .step(
      "  - label: x\n    risk: low\n    command: [env, A=b, dash, -c, \"rm /x\"]\n", 8, 25,
      "remove_file"),
    .step(
      "  - label: x\n    risk: low\n    command: [busybox, sh, -c, \"a && b\"]\n", 8, 15,
      "step of its own"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    undo: [sh, -c, rmmod x]\n", 9, 12,
      "[rmmod, x]"),
    .step(
      "  - label: x\n    risk: low\n    command: [echo, x, \">\", /tmp/y]\n", 8, 24,
      "means something to a shell only"),
    .step("  - label: x\n    risk: low\n    command: [sudo, ls]\n", 8, 15, "needs_sudo: true"),
    .step(
      "  - label: x\n    risk: high\n    command: [make, all]\n    needs_sudo: true\n", 8, 15,
      "runs make as root"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    undo: [nice, make]\n"
        + "    needs_sudo: true\n", 9, 18, "runs make as root"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    check: [make, -q]\n"
        + "    needs_sudo: true\n", 9, 13, "runs make as root"),
    .step(
      "  - label: x\n    risk: high\n    kernel_config: {tree: /s, set: A=y}\n"
        + "    needs_sudo: true\n", 6, 5, "runs make as root"),
    .step(
      "  - label: x\n    risk: medium\n    command: [update-grub]\n    needs_sudo: true\n", 8, 15,
      "names no backup"),
    .step(
      "  - label: x\n    risk: medium\n    command: [update-initramfs, -u]\n", 8, 15,
      "changes /boot/initrd.img"),
    .step("  - label: x\n    risk: medium\n    command: [depmod, -a]\n", 8, 15, "modules.dep"),
    .step(
      "  - label: x\n    risk: medium\n    command: [dkms, install, a/1]\n", 8, 15, "/lib/modules"),
    .step(
      "  - label: x\n    risk: low\n    command: [install, -m644, a, /etc/b]\n", 8, 15,
      "Use copy_file"),
    .step(
      "  - label: x\n    risk: low\n    command: [cp, -t, /boot, /tmp/a]\n", 8, 15,
      "changes /boot"),
    .step(
      "  - label: x\n    risk: low\n    command: [ln, -s, /a, \"{{root}}/etc/b\"]\n", 8, 15,
      "changes /etc/b"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    check: [rm, /etc/x]\n", 9, 13,
      "The check runs \"rm\""),
  ]

  static let warnings: [Broken] = [
    .step(
      "  - label: x\n    risk: low\n    needs_sudo: true\n    command: [update-grub]\n"
        + "    backup: [/boot/grub/grub.cfg]\n", 7, 11, "raised to medium", severity: .warning),
    .step(
      "  - label: x\n    risk: medium\n    kernel_config: {tree: /s, build: /b, set: {A: y}}\n", 7,
      11, "raised to high", severity: .warning),
    .step(
      "  - label: x\n    risk: low\n    command: [modprobe, x]\n", 8, 15, "needs root",
      severity: .warning),
    .step(
      "  - label: x\n    risk: low\n    write_file: {path: /etc/x, content: a}\n", 8, 24,
      "only root can", severity: .warning),
    .step(
      "  - label: x\n    risk: low\n    command: [mytool, /etc/x]\n", 8, 15, "may change it",
      severity: .warning),
    .step(
      "  - label: x\n    risk: low\n    command: [echo, \"$(uname -r)\"]\n", 8, 21,
      "is not expanded", severity: .warning),
  ]
}
