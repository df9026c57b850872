import PawlModel

/// The boot loaders that Pawl can steer, and which of them starts this host.
public enum BootLoaders {
  /// The one that starts the system below `root`; nil where none of them is recognised. On UEFI what
  /// says that it started this boot goes before what is merely installed.
  public static func detect(root: HostRoot, files: any HostFiles) -> (any BootLoader)? {
    let identity = LiveHost.ownIdentity()
    let says = EFIVariables(root: root).string("LoaderInfo").value ?? ""
    if says.hasPrefix("systemd-boot") {
      return SystemdBoot(root: root, files: files, identity: identity)
    }
    if EntryFileGrub.isChosen(below: root) {
      return EntryFileGrub(root: root, files: files, identity: identity)
    }
    if let layout = GrubLayout.find(below: root) {
      return GrubLoader(root: root, files: files, layout: layout)
    }
    if Extlinux.isInstalled(root: root) {
      return Extlinux(root: root, files: files, identity: identity)
    }
    guard SystemdBoot.isInstalled(root: root) else { return nil }
    return SystemdBoot(root: root, files: files, identity: identity)
  }

  /// The same, for what cannot go on without one. Throws `refused`.
  public static func require(root: HostRoot, files: any HostFiles) throws(PawlError)
    -> any BootLoader
  {
    guard let loader = detect(root: root, files: files) else {
      throw PawlError(
        .refused, "No boot loader is recognised on this host that Pawl could steer.",
        hint: "pawl detect says what was found.")
    }
    return loader
  }
}
