/// What stands on the command line of a trial entry beyond that of the kernel's own entry: it makes a
/// panic, a stuck processor and an initramfs without its root come back by themselves.
///
/// Sources: Documentation/admin-guide/kernel-parameters.rst and watchdog/watchdog-parameters.rst,
/// systemd(1), dracut.cmdline(7), initramfs-tools(7).
public enum TrialArguments {
  /// In the order in which they are appended.
  public static func words(token: String) -> [String] { ending + [name + token] }

  /// The command line of the trial entry of a kernel whose own entry has `line`.
  public static func appended(to line: String, token: String) -> String {
    (stripped(from: line).split(separator: " ").map(String.init) + words(token: token))
      .joined(separator: " ")
  }

  /// A command line without anything that only a trial has, and without what the loader itself puts
  /// in front (`BOOT_IMAGE=` of GRUB and extlinux, `initrd=` of the EFI stub).
  public static func stripped(from line: String) -> String {
    line.split(separator: " ").filter { word in
      !ending.contains(String(word)) && !loaderNames.contains { word.hasPrefix($0) }
    }.joined(separator: " ")
  }

  private static let name = "pawl.trial="
  private static let loaderNames = [name, "BOOT_IMAGE=", "initrd="]

  private static let ending = [
    "panic=30", "oops=panic", "softlockup_panic=1", "hung_task_panic=1", "nmi_watchdog=panic",
    "systemd.crash_reboot", "rd.shell=0", "rd.emergency=reboot", "rd.timeout=90",
    "watchdog.open_timeout=180",
  ]
}
