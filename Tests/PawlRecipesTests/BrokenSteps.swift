import PawlRecipes
import Testing

extension BrokenRecipes {
  static let steps: [Broken] = [
    .step("  - label: x\n    command: [true]\n", 6, 5, "\"risk\" is missing"),
    .step("  - label: x\n    command: [true]\n    risk: hihg\n", 8, 11, "Write high"),
    .step("  - command: [true]\n    risk: low\n", 6, 5, "\"label\" is missing"),
    .step("  - label: x\n    risk: low\n", 6, 5, "has no action"),
    .step(
      "  - label: x\n    command: [true]\n    risk: low\n    remove_file: {path: /x}\n", 9, 5,
      "has 2 actions"),
    .step("  - label: x\n    risk: low\n    comand: [true]\n", 8, 5, "Write \"command\""),
    .step("  - label: x\n    risk: low\n    command: \"modprobe x\"\n", 8, 14, "[modprobe, x]"),
    .step("  - label: x\n    risk: low\n    command: [\"modprobe x\"]\n", 8, 15, "[modprobe, x]"),
    .step("  - label: x\n    risk: low\n    command: []\n", 8, 14, "it is empty"),
    .step("  - label: x\n    risk: low\n    command: [ls, [a]]\n", 8, 19, "but a list stands here"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    check: \"test -f /x\"\n", 9, 12,
      "[test, -f, /x]"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    timeout: 60\n", 9, 14, "no timeout"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    timeout: 0s\n", 9, 14, "no timeout"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    timeout: 99999999999999999999h\n",
      9, 14, "no timeout"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    effects: nothing\n", 9, 14,
      "none, volatile, durable"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    interrupted: retyr\n", 9, 18,
      "Write retry"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    interrupted: check\n", 9, 18,
      "without a check"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    effects: none\n    undo: [true]\n",
      10, 5, "whose effects are none"),
    .step("  - id: Up\n    label: x\n    risk: low\n    command: [true]\n", 6, 9, "a step's id"),
    .step("  - label: \"!!\"\n    risk: low\n    command: [true]\n", 6, 12, "No id can be made"),
    .step(
      "  - {label: A b, risk: low, command: [true]}\n  - {label: a-b, risk: low, command: [true]}\n",
      7, 13, "(made from its label) is that of the step in line 6"),
    .step(
      "  - {id: x, label: A, risk: low, command: [true]}\n"
        + "  - {id: x, label: B, risk: low, command: [true]}\n", 7, 10, "The id \"x\" is that"),
    .step(
      "  - label: x\n    risk: low\n    write_file: {path: etc/x, content: a}\n", 8, 24,
      "relative path"),
    .step(
      "  - label: x\n    risk: low\n    write_file: {path: /etc/../x, content: a}\n", 8, 24,
      "has `..` in it"),
    .step(
      "  - label: x\n    risk: low\n    write_file: {path: /x}\n", 8, 17, "\"content\" is missing"),
    .step(
      "  - label: x\n    risk: low\n    write_file: {path: /x, content: a, mode: rw}\n", 8, 46,
      "no mode"),
    .step(
      "  - label: x\n    risk: low\n    write_file: {path: /x, content: a, mode: \"4755\"}\n", 8,
      46, "no mode"),
    .step(
      "  - label: x\n    risk: low\n    append_line: {path: /x, line: \"a\\nb\"}\n", 8, 35,
      "end of line"),
    .step("  - label: x\n    risk: low\n    remove_file: /x\n", 8, 18, "is a mapping"),
    .step(
      "  - label: x\n    risk: low\n    copy_file: {form: /x, to: /y}\n", 8, 17, "Write \"from\""),
    .step("  - label: x\n    risk: low\n    copy_tree: {from: /x}\n", 8, 16, "\"to\" is missing"),
    .step(
      "  - label: x\n    risk: low\n    remove_file: {path: /x}\n    undo: [true]\n", 9, 5,
      "Pawl undoes remove_file itself"),
    .step(
      "  - label: x\n    risk: low\n    remove_file: {path: /x}\n    effects: volatile\n", 9, 14,
      "effects are durable"),
    .step(
      "  - label: x\n    risk: low\n    remove_file: {path: /x}\n    directory: /\n", 9, 5,
      "runs no program"),
    .step(
      "  - label: x\n    risk: high\n    kernel_config: {tree: /s}\n", 8, 20, "\"set\" is missing"),
    .step(
      "  - label: x\n    risk: high\n    kernel_config: {tree: /s, build: /b, set: {A-B: y}}\n", 8,
      48, "configuration symbol"),
    .step(
      "  - label: x\n    risk: high\n    kernel_config: {tree: /s, build: /b, set: \"A B\"}\n", 8,
      47, "no list of options"),
    .step(
      "  - label: x\n    risk: high\n    build: {directory: /b}\n", 8, 12, "\"argv\" is missing"),
    .step(
      "  - label: x\n    risk: medium\n    restart_required: now\n    restart_message: m\n", 8, 23,
      "system, wsl"),
    .step(
      "  - label: x\n    risk: medium\n    restart_required: system\n", 6, 5,
      "\"restart_message\" is missing"),
    .step(
      "  - label: x\n    risk: medium\n    restart_required: wsl\n    restart_message: m\n"
        + "    check: [true]\n", 10, 5, "has no place here"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    restart_message: m\n", 9, 5,
      "restarts nothing"),
    .step(
      "  - label: x\n    risk: low\n    command: [echo, \"{{modul}}\"]\n", 8, 21,
      "Write {{module}}", parameters: "{module: {default: a}}"),
    .step(
      "  - label: x\n    risk: low\n    command: [echo, \"{{ Up }}\"]\n", 8, 21, "not followed by"),
    .step(
      "  - label: x\n    risk: low\n    command: [echo, \"{{root\"]\n", 8, 21, "not followed by"),
    .step(
      "  - label: x\n    risk: low\n    command: [echo, \"a{{source_files}}\"]\n", 8, 21,
      "is a list"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    uses: [later]\n", 9, 12,
      "not the id of an earlier step"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    when: {fact: liev, is: x}\n", 9, 18,
      "Write {{live}}"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    when: {fact: live}\n", 9, 11,
      "\"is\" is missing"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    environment: {1A: b}\n", 9, 19,
      "variable's name"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    backup: /etc/x\n", 9, 13,
      "Write [/etc/x]"),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    outputs: [x]\n", 9, 15, "relative path"
    ),
    .step(
      "  - label: x\n    risk: low\n    command: [true]\n    needs_sudo: yes\n", 9, 17,
      "neither true nor false"),
  ]
}
