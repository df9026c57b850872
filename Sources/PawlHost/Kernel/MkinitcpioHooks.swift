import Foundation
import PawlModel

/// Hooks of Pawl's for an image of mkinitcpio, and how it is told of them. One of them is always there: where
/// an image of mkinitcpio does not find its root it waits at a shell for ever, whatever the command line says,
/// and a trial would never come back. It does nothing in a boot that is no trial.
///
/// Sources: mkinitcpio(8), "About install hooks" and "About runtime hooks"; its init.
struct MkinitcpioHooks {
  /// Of this process's own, and gone with it.
  let folder: String

  static let ofReturn = "pawl-return"
  private static let ofModule = "pawl-early"
  /// For what starts no emergency hook: from the start of the initramfs until it ends the trial by force.
  static let patienceSeconds = 240

  /// For the hook that ends a trial; behind `hookDirectories`.
  func layReturn() throws -> [String] {
    try write(Self.returnInstaller(folder), "install/\(Self.ofReturn)")
    try write(Self.returnScript, "hooks/\(Self.ofReturn)")
    try write(Self.returnUnit, "\(Self.ofReturn).service")
    return Self.asked(Self.ofReturn, in: folder)
  }

  /// For one that adds a file: what modprobe is to know of a module.
  func lay(_ text: String, at place: String) throws -> [String] {
    try write(text, "modprobe.conf")
    try write(
      """
      #!/bin/bash
      build() {
          add_file "\(folder)/modprobe.conf" "\(place)" 644
      }

      """, "install/\(Self.ofModule)")
    return Self.asked(Self.ofModule, in: folder)
  }

  /// The host's own configuration, drop-ins and all, and a module before all others.
  func layConfiguration(first module: String) throws -> [String] {
    try write(
      """
      . /etc/mkinitcpio.conf
      for file in /etc/mkinitcpio.conf.d/*.conf; do
          [ -e "$file" ] && . "$file"
      done
      \(Self.line(first: module))

      """, "mkinitcpio.conf")
    return ["--config", "\(folder)/mkinitcpio.conf"]
  }

  /// Old configurations have one string where newer ones have a list.
  static func line(first module: String) -> String { "MODULES=(\(module) ${MODULES[@]})" }

  /// Naming one folder has it forget its own.
  static let hookDirectories = ["--hookdir", "/etc/initcpio", "--hookdir", "/usr/lib/initcpio"]

  private static func asked(_ hook: String, in folder: String) -> [String] {
    ["--hookdir", folder, "--addhooks", hook]
  }

  private func write(_ text: String, _ path: String) throws {
    let place = "\(folder)/\(path)"
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: place, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
  }

  // MARK: - What stands in them

  private static func returnInstaller(_ folder: String) -> String {
    """
    #!/bin/bash
    build() {
        add_runscript
        add_file "\(folder)/\(ofReturn).service" /usr/lib/systemd/system/\(ofReturn).service 644
        add_symlink /usr/lib/systemd/system/emergency.target.wants/\(ofReturn).service ../\(ofReturn).service
    }

    """
  }

  /// Of an initramfs whose init is busybox. Once the root is found its files are gone, this one among them.
  static let returnScript =
    """
    #!/usr/bin/ash
    # Pawl's: ends a trial that does not get out of the initramfs.
    pawl_is_trial() {
        case " $(cat /proc/cmdline) " in
            *" pawl.trial="*) return 0 ;;
        esac
        return 1
    }

    run_earlyhook() {
        pawl_is_trial || return 0
        (
            sleep \(patienceSeconds)
            [ -e /hooks/\(ofReturn) ] || exit 0
            echo ":: Pawl: the root was not found in \(patienceSeconds) seconds; the trial ends here"
            echo b >/proc/sysrq-trigger
        ) &
    }

    run_emergencyhook() {
        pawl_is_trial || return 0
        echo ":: Pawl: the trial ends here, in 10 seconds"
        sleep 10
        echo b >/proc/sysrq-trigger
    }

    """

  /// Of one whose init is systemd. (systemd.unit(5), ConditionKernelCommandLine=)
  static let returnUnit =
    """
    [Unit]
    Description=Pawl: end a trial that does not get out of the initramfs
    DefaultDependencies=no
    ConditionKernelCommandLine=pawl.trial

    [Service]
    Type=oneshot
    ExecStart=/usr/bin/systemctl --force reboot

    """
}
