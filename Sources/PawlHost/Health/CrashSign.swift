/// A line that kernels leave behind when they fail, and what it means. The gravest come first.
struct CrashSign {
  let pattern: String
  let meaning: String

  static let all = [
    CrashSign(
      pattern: "VFS: Unable to mount root fs",
      meaning:
        "The kernel did not find its root file system: the driver of the disk or of the file "
        + "system is missing in it, or its initramfs is missing or incomplete."),
    CrashSign(
      pattern: "No working init found",
      meaning: "The kernel mounted a root file system, but found no program there to start."),
    CrashSign(
      pattern: "Attempted to kill init",
      meaning: "The first program (init) ended, and a system cannot live without it."),
    CrashSign(
      pattern: "Kernel panic - not syncing: softlockup",
      meaning: "A processor was stuck in the kernel, and the kernel stopped because of it."),
    CrashSign(
      pattern: "Kernel panic - not syncing: Hard LOCKUP",
      meaning: "A processor was stuck with interrupts off, and the kernel stopped because of it."),
    CrashSign(
      pattern: "Kernel panic - not syncing: hung_task",
      meaning: "A program waited on the kernel without end, and the kernel stopped because of it."),
    CrashSign(
      pattern: "Kernel panic - not syncing: Out of memory",
      meaning: "Memory ran out and no program was left to end."),
    CrashSign(
      pattern: "Kernel panic - not syncing: Fatal exception",
      meaning: "Code of the kernel or of a module did something invalid, and the kernel stopped."),
    CrashSign(
      pattern: "Kernel panic - not syncing", meaning: "The kernel met a fault and stopped itself."),
    CrashSign(
      pattern: DeadlineGuard.lastWords,
      meaning: "The kernel started and ran, but the host did not become well within its time, and "
        + "was restarted."),
    CrashSign(
      pattern: "watchdog: BUG: soft lockup", meaning: "A processor was stuck in the kernel."),
    CrashSign(
      pattern: "Oops:", meaning: "Code of the kernel or of a module did something invalid."),
    CrashSign(
      pattern: "Out of memory", meaning: "Memory ran out and programs were ended to free some."),
  ]

  /// The last line that has the pattern, without the time stamp before it; of a panic the whole of
  /// its message.
  func line(in text: String) -> String? {
    guard let line = text.split(separator: "\n").last(where: { $0.contains(pattern) }),
      let start = line.firstRange(of: "Kernel panic - not syncing") ?? line.firstRange(of: pattern)
    else { return nil }
    return String(line[start.lowerBound...])
  }
}
