import PawlModel

/// The distribution's program that makes the menu entries of the Boot Loader Specification, and how it is
/// asked.
protocol EntryMaker {
  var program: String { get }
  /// For a hint, where it ended well and there is no entry.
  var whyNoEntry: String { get }
  /// Throws `refused` where the program would take the entry of another release for this one's.
  func requireOwnName(_ release: String, among menu: [LoaderEntryFile]) throws
  /// - Parameter sources: the image and, where there is one, the initramfs.
  func add(_ release: String, _ sources: [String], with tool: Tool) throws
  func remove(_ release: String, with tool: Tool) throws
  /// Removes the initramfs that was laid where the program takes one from, where it did not come to that.
  func forgetInitramfs(of release: String) throws
  /// Removes what `add` left outside of the partition, or was cut off from removing.
  func removeTraces(of release: String) throws
}

enum EntryMakers {
  static func of(_ files: BootFiles) -> any EntryMaker {
    Sdbootutil.loaderType(below: files.root) == nil
      ? KernelInstall(root: files.root) : Sdbootutil(files: files)
  }
}

/// kernel-install(8), with the plugin 90-loaderentry.install of systemd.
struct KernelInstall: EntryMaker {
  let root: HostRoot

  let program = "kernel-install"
  let whyNoEntry =
    "Does /etc/kernel/install.conf ask for layout=bls? `kernel-install inspect` tells."

  /// `kernel-install remove 6.1` removes `*-6.1+*.conf` as well, taking what follows the plus for a
  /// counter (90-loaderentry.install).
  func requireOwnName(_ release: String, among menu: [LoaderEntryFile]) throws {
    let others = menu.filter {
      $0.release != release && $0.file.fileName.contains("-\(release)+")
    }
    guard let other = others.first else { return }
    throw PawlError(
      .refused,
      "kernel-install would take the entry \(other.path) for one of \(release), and remove "
        + "it with it.", hint: "Give the new kernel another release (LOCALVERSION).")
  }

  func add(_ release: String, _ sources: [String], with tool: Tool) throws {
    try tool.run([program, "add", release] + sources.map(root.path))
  }

  func remove(_ release: String, with tool: Tool) throws {
    try tool.run([program, "remove", release])
  }

  func forgetInitramfs(of release: String) throws {}

  func removeTraces(of release: String) throws {}
}
