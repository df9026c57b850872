/// Hooks of Pawl's for an image of mkinitcpio, and how it is told of them. One of them is always there: where
/// an image of mkinitcpio does not find its root it waits at a shell for ever, whatever the command line says,
/// and a trial would never come back. It does nothing in a boot that is no trial.
///
/// Sources: mkinitcpio(8), "About install hooks" and "About runtime hooks"; its init.
struct MkinitcpioHooks {
  let folder: PrivateFolder

  static let ofReturn = "pawl-return"
  private static let ofModule = "pawl-early"
  /// For what starts no emergency hook: from the start of the initramfs until it ends the trial by force.
  static let patienceSeconds = 240

  /// For the hook that ends a trial; behind `hookDirectories`.
  func layReturn() throws -> [String] {
    try folder.write(
      Self.returnInstaller(folder.path), at: "install/\(Self.ofReturn)", isProgram: true)
    try folder.write(Self.returnScript, at: "hooks/\(Self.ofReturn)", isProgram: true)
    try folder.write(Self.returnUnit, at: "\(Self.ofReturn).service")
    return asked(Self.ofReturn)
  }

  /// For one that adds a file: what modprobe is to know of a module.
  func lay(_ text: String, at place: String) throws -> [String] {
    try folder.write(text, at: "modprobe.conf")
    try folder.write(
      """
      #!/bin/bash
      build() {
          add_file "\(folder.path)/modprobe.conf" "\(place)" 644
      }

      """, at: "install/\(Self.ofModule)", isProgram: true)
    return asked(Self.ofModule)
  }

  /// The host's own configuration, drop-ins and all, and a module before all others.
  func layConfiguration(first module: String) throws -> [String] {
    try folder.write(
      """
      . /etc/mkinitcpio.conf
      for file in /etc/mkinitcpio.conf.d/*.conf; do
          [ -e "$file" ] && . "$file"
      done
      \(Self.line(first: module))

      """, at: "mkinitcpio.conf")
    return ["--config", "\(folder.path)/mkinitcpio.conf"]
  }

  /// Old configurations have one string where newer ones have a list.
  static func line(first module: String) -> String { "MODULES=(\(module) ${MODULES[@]})" }

  /// Naming one folder has it forget its own.
  static let hookDirectories = ["--hookdir", "/etc/initcpio", "--hookdir", "/usr/lib/initcpio"]

  private func asked(_ hook: String) -> [String] {
    ["--hookdir", folder.path, "--addhooks", hook]
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
