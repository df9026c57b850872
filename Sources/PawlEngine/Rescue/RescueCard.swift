import PawlModel

/// The way back, completed for this host and this plan: on screen with every high question, and
/// in `/boot/pawl-rescue.txt` before the first high step, where a rescue system can read it.
public struct RescueCard: Sendable, Hashable {
  public let lines: [String]

  public init(plan: PlanRecord) {
    let frozen = plan.frozen
    let root = frozen.root == "/" ? "" : frozen.root
    var lines = ["The recipe's own words: \(frozen.rollback)"]
    lines.append("1. While this system still runs: pawl rollback \(plan.id)")
    if let release = frozen.newRelease, release == frozen.runningRelease {
      lines += frozen.waysBackToSameKernel
    } else if let release = frozen.newRelease, frozen.steps.contains(where: \.triesKernel) {
      lines += [
        "2. If \(release) does not start, switch the machine off and on: what it starts by itself is",
        "   \(frozen.runningRelease), until \(release) has proved itself. If it does not: show the boot menu",
        "   (hold Shift, press Esc or the space bar at power-on) and choose its first entry,",
        "   \"Pawl: Linux \(frozen.runningRelease), known to boot\". pawl.resume=no on its command line keeps",
        "   Pawl from doing anything by itself.",
        "3. From a rescue system, with this system's root mounted at /mnt:",
        "   rm /mnt/etc/grub.d/09_pawl (GRUB; what Pawl wants of any menu is in /mnt/boot/pawl/entries.json)",
      ]
      lines += frozen.removal(of: release, below: "/mnt")
    } else if let release = frozen.newRelease {
      lines += [
        "2. If \(release) does not start: switch the machine off and on; at power-on hold Shift",
        "   (BIOS) or press Esc (UEFI) until the GRUB menu shows, then choose",
        "   \"Advanced options\" and the entry with \(frozen.runningRelease).",
        "3. From a rescue system, with this system's root mounted at /mnt:",
      ]
      lines += frozen.removal(of: release, below: "/mnt\(root)")
    } else {
      lines += [
        "2. If the system does not start: at power-on hold Shift (BIOS) or press Esc (UEFI), choose",
        "   \"Advanced options\" and the recovery entry of \(frozen.runningRelease).",
        "3. From a rescue system, with this system's root mounted at /mnt, these files were touched:",
      ]
      let touched = frozen.steps.flatMap(\.pathsToBackUp)
      lines += touched.map { "   /mnt\($0)" }
    }
    self.lines = lines
  }

  public static func path(root: String) -> String {
    (root == "/" ? "" : root) + "/boot/pawl-rescue.txt"
  }

  public func text(plan: PlanRecord) -> String {
    let head = [
      "pawl: how to get \(plan.frozen.hostName) back (plan \(plan.id), \(plan.frozen.recipe))",
      "Kernel that ran when this was written: \(plan.frozen.runningRelease)", "",
    ]
    return (head + lines).joined(separator: "\n") + "\n"
  }
}

extension FrozenStep {
  fileprivate var changesMenu: Bool { backups.contains(PawlEntries.path) }

  /// The old kernel is pinned before the new one is there.
  fileprivate var triesKernel: Bool { action.trialTerms != nil }
}

extension FrozenPlan {
  /// Its image and its modules are those of the way back, too: none of them may go.
  fileprivate var waysBackToSameKernel: [String] {
    [
      "2. If \(runningRelease) does not start as the plan has it, switch the machine off and on: what it",
      "   starts by itself is \(runningRelease) as it was. If it does not: show the boot menu (hold Shift,",
      "   press Esc or the space bar at power-on) and choose its first entry,",
      "   \"Pawl: Linux \(runningRelease), known to boot\".",
      "3. From a rescue system, with this system's root mounted at /mnt: take away or put right these files,",
      "   which the plan changed, and make the initramfs anew (chroot /mnt, then the program for it):",
    ] + steps.filter { !$0.changesMenu }.flatMap(\.pathsToBackUp).map { "   /mnt\($0)" }
  }

  /// Takes a kernel out by hand, of a system that is mounted at `mount`.
  fileprivate func removal(of release: String, below mount: String) -> [String] {
    let touched = steps.flatMap(\.pathsToBackUp)
    let images = ["/boot/vmlinuz-\(release)"] + touched.filter { $0.isInitramfs(of: release) }
    return [
      "   rm \(images.map { mount + $0 }.joined(separator: " "))",
      "   rm -r \(mount)/lib/modules/\(release)",
    ] + menu(touched, of: release, below: mount)
  }

  private func menu(_ touched: [String], of release: String, below mount: String) -> [String] {
    guard let menu = touched.first(where: { $0.hasSuffix("/grub.cfg") }) else {
      return [
        "   rm the entry of \(release) below \(mount)/boot: loader/entries/*-\(release).conf or in extlinux.conf"
      ]
    }
    let entries =
      menu.contains("/grub2/")
      ? ["   rm -f \(mount)/boot/loader/entries/*-\(release).conf (of GRUB with entries in files)"]
      : []
    let program = menu.contains("/grub2/") ? "grub2-mkconfig" : "grub-mkconfig"
    return entries + ["   chroot \(mount) \(program) -o \(menu)"]
  }
}

extension String {
  fileprivate func isInitramfs(of release: String) -> Bool {
    hasPrefix("/boot/init") && contains(release)
  }
}
