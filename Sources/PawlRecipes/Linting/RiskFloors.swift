import PawlModel

/// The least risk of what a step does. One table: a recipe that tags lower is raised.
enum RiskFloors {
  struct Floor {
    var risk: Risk
    /// Completes "… is never below".
    var reason: String
    var matches: @Sendable (RecipeStep) -> Bool
  }

  /// What modprobe reads, and what the programs do that put modules into an initramfs.
  private static let ofModules = [
    "/etc/modprobe.d", "/etc/initramfs-tools", "/etc/dracut.conf.d", "/etc/mkinitcpio.conf.d",
  ]

  static let table: [Floor] = [
    Floor(risk: .low, reason: "loading a module") {
      program("modprobe", "insmod", "rmmod", in: $0)
    },
    Floor(risk: .low, reason: "naming a module in modules-load.d") {
      writes(["/etc/modules-load.d"], $0)
    },
    Floor(risk: .medium, reason: "changing files that were worth a backup") { step in
      step.backups.contains {
        !SystemPaths.covers("/etc/modules-load.d", SystemPaths.inside($0.raw))
      }
    },
    Floor(risk: .medium, reason: "changing how modules are loaded") {
      writes(ofModules, $0)
    },
    Floor(risk: .medium, reason: "DKMS") {
      program("dkms", in: $0) || writes(["/etc/dkms"], $0) || internalJob("dkms-carry", in: $0)
    },
    Floor(risk: .medium, reason: "changing the boot menu") {
      program(
        "update-grub", "grub-mkconfig", "grub2-mkconfig", "grub-install", "grub2-install",
        "grub-set-default", "grub2-set-default", "grub-reboot", "grub2-reboot", "grubby",
        "bootctl", "sdbootutil", "update-bootloader", "update-extlinux", in: $0)
        || writes(["/etc/default/grub", "/etc/default/grub.d", "/boot", "/efi"], $0)
        || internalJob("boot-menu", "boot-entries", "kernel-hooks", in: $0)
    },
    Floor(risk: .medium, reason: "making an initramfs") {
      program("update-initramfs", "mkinitramfs", "dracut", "mkinitcpio", "mkinitfs", in: $0)
    },
    Floor(risk: .medium, reason: "a restart") { $0.action.isRestart },
    Floor(risk: .high, reason: "changing a kernel's configuration") { step in
      if case .kernelConfig = step.action { return true }
      guard let target = step.action.target?.raw, target.hasSuffix("/.config") else { return false }
      if case .copyFile = step.action { return false }
      return true
    },
    Floor(risk: .high, reason: "building a kernel") { step in
      if case .build = step.action { return true }
      guard let call = call(of: step), call.program == "make" else { return false }
      return !(call.words.contains("modules_install") && call.has("INSTALL_MOD_PATH"))
    },
    Floor(risk: .high, reason: "installing a kernel") { step in
      if program("installkernel", "kernel-install", in: step) { return true }
      if case .copyTree(_, let to) = step.action {
        return ["/boot", "/lib/modules", "/usr/lib/modules"].contains {
          SystemPaths.covers($0, SystemPaths.inside(to.raw))
        }
      }
      let isListing = program("depmod", "dkms", in: step)
      return writesImage(step)
        || !isListing && writes(["/lib/modules", "/usr/lib/modules"], step)
    },
  ]

  /// The highest floor that the step stands on.
  static func floor(of step: RecipeStep) -> Floor? {
    table.filter { $0.matches(step) }.max { $0.risk < $1.risk }
  }

  private static func call(of step: RecipeStep) -> Invocation? {
    step.action.argv.flatMap { Invocation($0) }
  }

  private static func program(_ names: String..., in step: RecipeStep) -> Bool {
    guard let call = call(of: step) else { return false }
    return names.contains(call.program)
  }

  /// One of Pawl's own jobs for the build user or for root.
  private static func internalJob(_ names: String..., in step: RecipeStep) -> Bool {
    guard let argv = step.action.argv, argv.count > 2, argv[1].raw == "internal" else {
      return false
    }
    return names.contains(argv[2].raw)
  }

  private static func writes(_ folders: [String], _ step: RecipeStep) -> Bool {
    written(step).contains { path in folders.contains { SystemPaths.covers($0, path) } }
  }

  private static func writesImage(_ step: RecipeStep) -> Bool {
    written(step).contains { path in
      ["/boot/vmlinuz", "/boot/vmlinux", "/boot/Image", "/boot/kernel"].contains {
        path.hasPrefix($0)
      }
    }
  }

  private static func written(_ step: RecipeStep) -> [String] {
    var paths = step.action.target.map { [SystemPaths.inside($0.raw)] } ?? []
    if let call = call(of: step), case .changes(let what) = ChangingPrograms.verdict(on: call) {
      paths.append(what)
    }
    return paths
  }
}
