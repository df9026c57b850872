import PawlModel

/// On which hosts Pawl knows what belongs to a kernel besides its files: its initramfs, and its entry in
/// the menu. On another one the files alone would be a kernel that does not boot.
public enum KernelInstallation {
  /// Throws `refused` with what to do instead.
  public static func requireKnown(on host: HostDetection) throws(PawlError) {
    guard host.wsl.version == nil else {
      throw PawlError(
        .refused,
        "Under WSL the kernel is a file of Windows: none that is installed here is started.",
        hint:
          "The recipe wsl-kernel builds one, has WSL start it, and takes it back if it does not.")
    }
    let system = host.identity.operatingSystem.value
    let family = system?.family ?? .unknown
    guard !known.contains(family) else { return }
    throw PawlError(
      .refused,
      "How \(system?.prettyName ?? "this system") makes the initramfs of a kernel and adds it to the "
        + "boot menu is not known to Pawl, and without both it does not boot.",
      hint: "With --root DIR only its files are put below DIR"
        + (packages[family].map { "; \($0) makes a package that this system can install." } ?? "."))
  }

  private static let known: Set<DistributionFamily> = [.debian]

  /// Targets of the kernel's own Makefile. (kernel: scripts/Makefile.package)
  private static let packages: [DistributionFamily: String] = [
    .rhel: "make binrpm-pkg", .suse: "make binrpm-pkg", .arch: "make pacman-pkg (from 6.11 on)",
  ]
}
