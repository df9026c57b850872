import PawlModel

/// A feature of mkinitfs by which a module comes first: its file goes into the image, and the list of modules that
/// init loads by name, with their options, before it looks for hardware. That list is the host's /etc/modules.
///
/// Sources: mkinitfs(1); its initramfs-init.
struct MkinitfsFeature {
  static let list = "/etc/modules"
  private static let configuration = "/etc/mkinitfs/mkinitfs.conf"
  private static let initScript = "/usr/share/mkinitfs/initramfs-init"

  let module: EarlyModule
  /// Below the folder of the kernel, with any packing: another kernel may have it packed otherwise.
  let pattern: String

  /// Throws `refused` where no image would load it.
  init(_ module: EarlyModule, release: String, root: HostRoot) throws(PawlError) {
    guard root.text(Self.initScript).value?.contains(Self.list) == true else {
      throw PawlError(
        .refused, "\(Self.initScript) is not there, or loads no module of \(Self.list) by itself.",
        hint: "Name the module in `modules=` of the kernel's command line yourself.")
    }
    guard let file = ModuleIndex(root: root, release: release).file(module.name).value else {
      throw PawlError(
        .refused, "\(module.name) is no module in a file of its own of \(release).",
        hint: "pawl check \(module.name) says what it is.")
    }
    self.module = module
    pattern = String(file.path.dropLast(file.suffix.count)) + ".ko*"
  }

  private var name: String { "pawl-\(module.name)" }

  /// Without `.modules` and `.files`, which are the ends of what makes it up.
  var path: String { "/etc/mkinitfs/features.d/\(name)" }
  var modulesText: String { pattern + "\n" }
  static let filesText = list + "\n"

  /// mkinitfs reads its configuration as a script.
  var line: String { "features=\"$features \(name)\"" }
  static var configurationFile: String { configuration }

  // MARK: - To be tried

  /// For an image beside the one in use: nothing that mkinitfs reads by itself is changed.
  func lay(in folder: PrivateFolder) throws -> [String] {
    try folder.write(modulesText, at: "features.d/\(name).modules")
    try folder.write(". \(Self.configuration)\n\(line)\n", at: "mkinitfs.conf")
    return ["-c", "\(folder.path)/mkinitfs.conf", "-P", "\(folder.path)/features.d"]
  }

  /// What mkinitfs would take from the host itself, behind the image that it made: the kernel unpacks both.
  /// (Documentation/driver-api/early-userspace/buffer-format.rst)
  func archive(below root: HostRoot) -> [UInt8] {
    let present = root.text(Self.list).value ?? ""
    let ended = present.isEmpty || present.hasSuffix("\n") ? present : present + "\n"
    var archive = Cpio()
    archive.add("etc", mode: 0o040755)
    archive.add(Self.inside(Self.list), mode: 0o100644, Array("\(ended)\(module.name)\n".utf8))
    if !module.modprobeText.isEmpty {
      archive.add("etc/modprobe.d", mode: 0o040755)
      archive.add(
        Self.inside(module.modprobeFile), mode: 0o100644, Array(module.modprobeText.utf8))
    }
    archive.add("TRAILER!!!", mode: 0)
    return archive.bytes
  }

  private static func inside(_ path: String) -> String { String(path.dropFirst()) }
}
