import PawlModel

/// openSUSE's sdbootutil, which keeps the menus of systemd-boot and of its GRUB without a menu file, with an
/// entry for each kernel and snapshot of the root file system. It takes a kernel from its modules' folder
/// alone, the initramfs too where one lies there; else it has dracut make one of its own, unseen.
/// (openSUSE/sdbootutil: install_kernel, remove_kernel, entry_conf_file)
struct Sdbootutil: EntryMaker {
  let files: BootFiles

  let program = "sdbootutil"
  let whyNoEntry =
    "What does `sdbootutil list-kernels` say? Its entries are those of this snapshot."

  /// (openSUSE/sdbootutil, is_sdboot, is_grub2_bls; perl-bootloader)
  private static let loaderTypes = ["grub2-bls", "systemd-boot"]

  /// nil where it does not keep the menu.
  static func loaderType(below root: HostRoot) -> String? {
    BootLoaderSearch.loaderType(below: root).flatMap { loaderTypes.contains($0) ? $0 : nil }
  }

  /// It removes an entry by its whole name.
  func requireOwnName(_ release: String, among menu: [LoaderEntryFile]) throws {}

  func add(_ release: String, _ sources: [String], with tool: Tool) throws {
    let places = [Self.image(of: release), Self.initramfs(of: release)]
    for (source, place) in zip(sources, places) where source != place {
      try files.files.replace(files.root.path(place), by: files.root.path(source))
    }
    let outcome = Result { try tool.run([program, "add-kernel", release]) }
    try forgetInitramfs(of: release)
    try outcome.get()
  }

  /// One that stays would be taken for every initramfs of this kernel from then on, whatever the configuration
  /// says by then.
  func forgetInitramfs(of release: String) throws {
    try files.remove(Self.initramfs(of: release))
  }

  func remove(_ release: String, with tool: Tool) throws {
    try tool.run([program, "remove-kernel", release])
  }

  func removeTraces(of release: String) throws {
    for path in [Self.initramfs(of: release), Self.image(of: release)] { try files.remove(path) }
  }

  private static func folder(of release: String) -> String { "/usr/lib/modules/\(release)" }

  /// From where it takes an initramfs, instead of having one made.
  static func initramfs(of release: String) -> String { folder(of: release) + "/initrd" }

  /// (sdbootutil, set_image_name)
  static func image(of release: String) -> String {
    #if arch(arm64)
      folder(of: release) + "/Image"
    #else
      folder(of: release) + "/vmlinuz"
    #endif
  }
}
