import PawlModel

/// Where the files of an installed kernel lie besides its modules, and how its initramfs comes to be: one
/// row for each family of which Pawl knows it.
public struct KernelLayout: Sendable, Hashable {
  /// What makes the initramfs of a kernel that somebody installs by hand.
  public enum Making: Sendable, Hashable {
    /// Programs in `added`, one by one, with the release and its image; those in `removed` for a kernel
    /// that goes. (Debian kernel handbook, "Hooks")
    case hooks(added: String, removed: String)
    /// The program for initramfs images that is installed (`InitramfsTool`).
    case tool
  }

  public let making: Making
  /// What stands before and behind the release in the initramfs's name in /boot. The boot loaders' own tools look
  /// for it under this name. (GRUB: util/grub.d/10_linux.in; dracut(8); mkinitcpio(8))
  public let initramfsPrefix: String
  public let initramfsSuffix: String

  /// nil where it is not known.
  public static func of(_ family: DistributionFamily) -> KernelLayout? { rows[family] }

  static func of(_ root: HostRoot) -> KernelLayout? { of(.of(root)) }

  /// Also the naming where that of a system is not known.
  public static let debian = KernelLayout(
    making: .hooks(added: "/etc/kernel/postinst.d", removed: "/etc/kernel/postrm.d"),
    initramfsPrefix: "initrd.img-", initramfsSuffix: "")

  private static let rows: [DistributionFamily: KernelLayout] = [
    .debian: debian,
    .rhel: KernelLayout(
      making: .tool, initramfsPrefix: "initramfs-", initramfsSuffix: ".img"),
    .suse: KernelLayout(making: .tool, initramfsPrefix: "initrd-", initramfsSuffix: ""),
    // No hook of pacman's runs for a kernel that no package brought.
    .arch: KernelLayout(
      making: .tool, initramfsPrefix: "initramfs-", initramfsSuffix: ".img"),
    // Its installkernel copies files, and makes neither an initramfs nor an entry.
    .alpine: KernelLayout(making: .tool, initramfsPrefix: "initramfs-", initramfsSuffix: ""),
  ]

  public func initramfs(of release: String) -> String {
    "/boot/" + initramfsPrefix + release + initramfsSuffix
  }

  static func initramfs(of release: String, below root: HostRoot) -> String {
    (of(root) ?? debian).initramfs(of: release)
  }

  /// Of a kernel that is installed, by whichever name it is there; else the one that it would have.
  public static func presentInitramfs(of release: String, below root: HostRoot) -> String {
    let layout = of(root) ?? debian
    let places = names(of: release, root: root).map(layout.initramfs(of:))
    let elsewhere = Sdbootutil.loaderType(below: root).map { _ in Sdbootutil.initramfs(of: release)
    }
    return places.first(where: root.exists) ?? elsewhere ?? layout.initramfs(of: release)
  }

  public static func image(of release: String) -> String { "/boot/vmlinuz-\(release)" }

  /// Of a kernel that is installed, by whichever name it is there; else the one that it would have.
  static func presentImage(of release: String, below root: HostRoot) -> String {
    let places = names(of: release, root: root).map(image) + [Sdbootutil.image(of: release)]
    return places.first(where: root.exists) ?? image(of: release)
  }

  /// What files of a release are named by: the release and, where a package of Arch's or Alpine's brought
  /// it, a name that stays the same from kernel to kernel.
  static func names(of release: String, root: HostRoot) -> [String] {
    guard let base = packageName(of: release, root), !base.isEmpty, !base.contains("/") else {
      return [release]
    }
    return [release, base]
  }

  /// Arch: `/usr/lib/modules/RELEASE/pkgbase`; Alpine: `/usr/share/kernel/FLAVOUR/kernel.release`. (PKGBUILD
  /// of linux; APKBUILD of linux-lts)
  private static func packageName(of release: String, _ root: HostRoot) -> String? {
    for folder in ["/usr/lib/modules", "/lib/modules"] {
      if let base = root.line("\(folder)/\(release)/pkgbase").value { return base }
    }
    let flavours = "/usr/share/kernel"
    return (root.list(flavours).value ?? []).first {
      root.line("\(flavours)/\($0)/kernel.release").value == release
    }
  }
}
