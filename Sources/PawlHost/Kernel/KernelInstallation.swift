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
    guard let layout = KernelLayout.of(family) else {
      throw unknown(
        "How \(system?.prettyName ?? "this system") makes the initramfs of a kernel and adds it to the "
          + "boot menu is not known to Pawl, and without both it does not boot.")
    }
    try requireOwnMenu(host.root)
    if layout.making == .tool, host.initramfs.value == nil { throw InitramfsTool.missing }
  }

  private static func requireOwnMenu(_ root: HostRoot) throws(PawlError) {
    guard let type = Sdbootutil.loaderType(below: root), !root.exists("/usr/bin/sdbootutil") else {
      return
    }
    throw PawlError(
      .refused,
      "The boot menu is sdbootutil's here (LOADER_TYPE=\(type)), and sdbootutil is not installed.",
      hint: "Install it, or correct /etc/sysconfig/bootloader.")
  }

  private static func unknown(_ what: String) -> PawlError {
    PawlError(.refused, what, hint: "With --root DIR only its files are put below DIR.")
  }
}
