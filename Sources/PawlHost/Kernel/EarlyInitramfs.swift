import Foundation
import PawlModel

/// An initramfs of the running kernel in which a module comes before any other driver, beside the one that is
/// in use: no file that the present kernel reads is changed for it, so that the way back is what it was,
/// whatever becomes of the trial.
public struct EarlyInitramfs {
  private let root: HostRoot
  private let release: String
  private let module: EarlyModule
  private let folder: PrivateFolder

  public init(root: HostRoot, release: String, module: EarlyModule, folder: PrivateFolder) {
    self.root = root
    self.release = release
    self.module = module
    self.folder = folder
  }

  /// May be repeated. Throws `refused` where it is not known how the program is asked for such a one.
  public func make(_ place: String, with tool: Tool, files: any HostFiles) throws {
    let maker = try KernelInitramfs(root: root, release: release, place: place, files: files)
    try folder.write(module.modprobeText, at: "modprobe.conf")
    switch maker.name {
    case .dracut:
      // dracut(8)
      let more = [
        "--force-drivers", module.name, "--include", "\(folder.path)/modprobe.conf",
        module.modprobeFile,
      ]
      try maker.make(with: tool, adding: more)
    case .initramfsTools:
      try layConfiguration()
      try maker.make(with: tool, adding: ["-d", "\(folder.path)/initramfs-tools"])
    case .mkinitcpio:
      let hooks = MkinitcpioHooks(folder: PrivateFolder(path: "\(folder.path)/initcpio"))
      let more = try hooks.layConfiguration(first: module.name)
      try maker.make(
        with: tool, adding: more + hooks.lay(module.modprobeText, at: module.modprobeFile))
    case .mkinitfs:
      let feature = try MkinitfsFeature(module, release: release, root: root)
      try maker.make(
        with: tool, adding: feature.lay(in: folder), behind: feature.archive(below: root))
    case .booster: throw Self.unknown(module, maker.name)
    }
  }

  /// For who is asked for one where Pawl does not know how.
  public static func unknown(_ module: EarlyModule, _ maker: InitramfsTool.Name?) -> PawlError {
    PawlError(
      .refused,
      "How an initramfs in which \(module.name) comes first is tried beside the present one is not "
        + "known to Pawl\(maker.map { " with \($0.rawValue)" } ?? "").",
      hint: "Pawl knows initramfs-tools, dracut, mkinitcpio and mkinitfs.")
  }

  /// The host's own configuration, and in it the module and a hook that adds the options. (mkinitramfs(8),
  /// -d; initramfs-tools(7), "Hook scripts")
  private func layConfiguration() throws {
    let own = "\(folder.path)/initramfs-tools"
    try FileManager.default.copyItem(atPath: root.path("/etc/initramfs-tools"), toPath: own)
    let modules = (try? String(contentsOfFile: "\(own)/modules", encoding: .utf8)) ?? ""
    try folder.write(modules + "\n\(module.name)\n", at: "initramfs-tools/modules")
    let hook = """
      #!/bin/sh
      [ "$1" != prereqs ] || exit 0
      mkdir -p "$DESTDIR/etc/modprobe.d"
      cp "\(folder.path)/modprobe.conf" "$DESTDIR\(module.modprobeFile)"

      """
    try folder.write(hook, at: "initramfs-tools/hooks/pawl-early", isProgram: true)
  }
}
