import PawlHost
import PawlModel

/// Where the kernel is somebody else's, in a container say, what would change it is refused before
/// the first change. Building there, and everything below another root, is allowed.
struct LiveKernelGuard {
  func allow(_ plan: FrozenPlan) throws {
    guard plan.root == "/", let owner = KernelOwner.other(than: HostDetection(root: .live)),
      let step = plan.steps.first(where: LiveKernelChange.isMade(by:))
    else { return }
    throw PawlError(
      .refused, "\(owner.sentence), and step \"\(step.id)\" would change it.", hint: owner.instead)
  }
}

/// What touches the kernel that runs, its modules or its boot files; data in one place.
enum LiveKernelChange {
  static func isMade(by step: FrozenStep) -> Bool {
    if case .restart = step.action { return true }
    if step.pathsToBackUp.contains(where: isBootOrModulePath) { return true }
    switch step.action {
    case .copyTree(_, let to): return to == "/" || isBootOrModulePath(to)
    case .command(let command), .build(_, let command): return isKernelCommand(command.argv)
    case .writeFile, .appendLine, .removeFile, .copyFile, .kernelConfig, .restart: return false
    }
  }

  private static func isKernelCommand(_ argv: [String]) -> Bool {
    guard let program = argv.first?.split(separator: "/").last.map(String.init) else {
      return false
    }
    let isDryRun = argv.contains("--dry-run") || argv.contains("-n")
    return kernelPrograms.contains(program) && !isDryRun
  }

  private static func isBootOrModulePath(_ path: String) -> Bool {
    liveFolders.contains { path == $0 || path.hasPrefix($0 + "/") }
  }

  private static let liveFolders = [
    "/boot", "/efi", "/lib/modules", "/usr/lib/modules", "/etc/modules", "/etc/modules-load.d",
    "/etc/modprobe.d", "/etc/default/grub", "/etc/default/grub.d", "/etc/grub.d",
    "/etc/initramfs-tools", "/etc/kernel",
  ]

  private static let kernelPrograms: Set<String> = [
    "modprobe", "insmod", "rmmod", "depmod", "kexec", "dkms", "update-initramfs", "mkinitramfs",
    "dracut", "mkinitcpio", "update-grub", "grub-mkconfig", "grub-install", "grub-set-default",
    "grub-reboot", "grub2-mkconfig", "grub2-reboot", "grub2-set-default", "grubby", "bootctl",
    "kernel-install", "installkernel", "update-extlinux", "extlinux", "efibootmgr", "reboot",
    "shutdown", "systemctl",
  ]
}
