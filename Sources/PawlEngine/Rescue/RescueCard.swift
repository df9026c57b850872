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
    if let release = frozen.newRelease, frozen.steps.contains(where: \.triesKernel) {
      lines += [
        "2. If \(release) does not start, switch the machine off and on: what it starts by itself is",
        "   \(frozen.runningRelease), until \(release) has proved itself. If it does not: show the boot menu",
        "   (hold Shift, press Esc or the space bar at power-on) and choose its first entry,",
        "   \"Pawl: Linux \(frozen.runningRelease), known to boot\". pawl.resume=no on its command line keeps",
        "   Pawl from doing anything by itself.",
        "3. From a rescue system, with this system's root mounted at /mnt:",
        "   rm /mnt/etc/grub.d/09_pawl (GRUB; what Pawl wants of any menu is in /mnt/boot/pawl/entries.json)",
        "   rm /mnt/boot/vmlinuz-\(release) /mnt/boot/initrd.img-\(release)",
        "   rm -r /mnt/lib/modules/\(release)",
        "   chroot /mnt update-grub",
      ]
    } else if let release = frozen.newRelease {
      lines += [
        "2. If \(release) does not start: switch the machine off and on; at power-on hold Shift",
        "   (BIOS) or press Esc (UEFI) until the GRUB menu shows, then choose",
        "   \"Advanced options\" and the entry with \(frozen.runningRelease).",
        "3. From a rescue system, with this system's root mounted at /mnt:",
        "   rm /mnt\(root)/boot/vmlinuz-\(release) /mnt\(root)/boot/initrd.img-\(release)",
        "   rm -r /mnt\(root)/lib/modules/\(release)",
        "   chroot /mnt\(root) update-grub",
      ]
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
  /// The old kernel is pinned before the new one is there.
  fileprivate var triesKernel: Bool { action.trialTerms != nil }
}
