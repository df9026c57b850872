import PawlModel

/// What no command of a recipe does, and what it has to say beside it.
enum CommandRules {
  static func check(_ step: RecipeStep, _ findings: inout Findings) {
    if let argv = step.action.argv { checkAction(argv, step, &findings) }
    if let check = step.check { checkLooking(check, &findings) }
    if let undo = step.undo { checkArguments(undo, &findings) }
    refuseMakeAsRoot(step, &findings)
    warnAboutRoot(step, &findings)
  }

  /// As the step, its check or its undo, or by way of `kernel_config`.
  private static func refuseMakeAsRoot(_ step: RecipeStep, _ findings: inout Findings) {
    guard step.needsRoot else { return }
    var positions = [step.action.argv, step.check, step.undo].compactMap { argv in
      argv.flatMap { Invocation($0) }.flatMap { $0.program == "make" ? $0.position : nil }
    }
    if case .kernelConfig = step.action { positions.append(step.position) }
    for position in positions {
      findings.error(
        position, "This step runs make as root; root never runs what a build tree says.",
        "Take `needs_sudo` out, stage with INSTALL_MOD_PATH, and install with copy_tree.")
    }
  }

  private static func checkAction(
    _ argv: [Text], _ step: RecipeStep, _ findings: inout Findings
  ) {
    checkArguments(argv, &findings)
    guard let call = Invocation(argv), step.backups.isEmpty else { return }
    switch ChangingPrograms.verdict(on: call) {
    case .changes(let what):
      findings.error(
        call.position, "\"\(call.program)\" changes \(what), and the step names no backup.",
        advice(call, what))
    case .mayChange(let path):
      guard step.effects != Effects.none else { return }
      findings.warning(
        call.position, "\"\(call.program)\" is given \(path) and may change it.",
        "Write `backup: [\(path)]`, or `effects: none` where it only looks.")
    case .leavesAlone: break
    }
  }

  private static func advice(_ call: Invocation, _ what: String) -> String {
    let backup = "`backup: [\(what.hasPrefix("/") ? what : "/…")]`"
    switch call.program {
    case "cp", "install":
      return "Use copy_file {from, to}, which keeps a backup by itself, or add \(backup)."
    case "tee", "dd", "sed", "perl", "patch", "ed":
      return "Use write_file or append_line, which keep a backup by themselves, or add \(backup)."
    case "rm", "unlink", "shred":
      return "Use remove_file {path}, which keeps a backup by itself, or add \(backup)."
    default: return "Add \(backup): an absent file is recorded as absent."
    }
  }

  /// A check looks; it changes nothing.
  private static func checkLooking(_ argv: [Text], _ findings: inout Findings) {
    checkArguments(argv, &findings)
    guard let call = Invocation(argv), case .changes(let what) = ChangingPrograms.verdict(on: call)
    else { return }
    findings.error(
      call.position, "The check runs \"\(call.program)\", which changes \(what).",
      "Use a program that only looks, such as test, grep or modinfo.")
  }

  private static func checkArguments(_ argv: [Text], _ findings: inout Findings) {
    guard let call = Invocation(argv) else { return }
    if let wrapper = call.wrappers.first(where: { ["sudo", "doas", "pkexec"].contains($0) }) {
      findings.error(
        argv[0].position, "\"\(wrapper)\" stands in a command.",
        "Take it out and write `needs_sudo: true` beside the command.")
    }
    ShellRules.check(call, &findings)
  }

  private static func warnAboutRoot(_ step: RecipeStep, _ findings: inout Findings) {
    guard !step.needsRoot else { return }
    if let target = step.action.target, isSystem(target.raw) {
      findings.warning(
        target.position, "\(step.action.kind) changes \(target.raw), which only root can.",
        "Write `needs_sudo: true`.")
    }
    guard case .command(let argv) = step.action, let call = Invocation(argv) else { return }
    if needsRoot(call) {
      findings.warning(
        call.position, "\"\(call.program)\" mostly needs root.", "Write `needs_sudo: true`.")
    }
  }

  private static func isSystem(_ raw: String) -> Bool {
    let path = SystemPaths.inside(raw)
    let folders = SystemPaths.guarded + ["/usr", "/var", "/lib", "/opt", "/root", "/sys", "/proc"]
    return folders.contains { SystemPaths.covers($0, path) }
  }

  private static func needsRoot(_ call: Invocation) -> Bool {
    switch call.program {
    case "modprobe":
      return !call.has("-n", "--dry-run", "--show-depends", "-D", "-c", "--showconfig")
    case "insmod", "rmmod", "reboot", "mount", "umount", "sysctl", "swapoff": return true
    case "apt-get", "apt", "dnf", "yum", "zypper", "pacman", "apk":
      return call.has("install", "remove", "purge", "upgrade", "add", "del", "-S", "-R")
    default:
      if case .changes = ChangingPrograms.verdict(on: call) { return call.program != "make" }
      return false
    }
  }
}
