import PawlModel

/// Where a program for initramfs images reads which modules are to be loaded first of all. Sources:
/// initramfs-tools(7), dracut.conf(5), mkinitcpio(8).
public enum EarlyLoading: Sendable, Hashable {
  /// The name of the module, as a line.
  case line(in: String)
  /// A file of its own and what is in it; MODULE is the module.
  case file(String, String)
}

/// What besides has a module, and the list that names it, put into every initramfs. (mkinitfs(1))
public struct InitramfsFeature: Sendable, Hashable {
  /// Without the endings `.modules` and `.files`.
  public let path: String
  /// What stands in them.
  public let modules: String
  public let files: String
  /// Where the feature is asked for, and by which line.
  public let configuration: String
  public let line: String
}

/// The program that makes the initramfs of a kernel here, as data per tool.
public struct InitramfsTool: Sendable, Equatable {
  public enum Name: String, Sendable, Codable, CaseIterable {
    case initramfsTools = "initramfs-tools"
    case dracut, mkinitcpio, mkinitfs, booster
  }

  public let name: Name
  /// Where its program was seen.
  public let program: String
  /// Others that are installed beside it.
  public let others: [Name]

  /// For who needs one.
  static let missing = PawlError(
    .refused, "No program that makes an initramfs is installed, and without one no kernel boots.",
    hint: "Install the one of this distribution: dracut, mkinitcpio on Arch, mkinitfs on Alpine.")

  /// Has the initramfs of a release made anew; root runs it.
  public func rebuildCommand(release: String) -> [String] {
    Self.table.first { $0.name == name }?.rebuild.map {
      $0.replacing("RELEASE", with: release)
    } ?? []
  }

  /// Writes the initramfs of a release to one file, which may be there already; root runs it.
  func command(release: String, writing image: String) -> [String] {
    Self.table.first { $0.name == name }?.make.map {
      $0.replacing("RELEASE", with: release).replacing("IMAGE", with: image)
    } ?? []
  }

  /// What has it put a module into every initramfs and load it there, before any other driver; nil where
  /// Pawl knows no such place, or not how one is made that is only to be tried (`EarlyInitramfs`).
  public var early: EarlyLoading? { Self.table.first { $0.name == name }?.early }

  /// Throws `refused` where images that are made later on would not load it as the tried one did.
  public func requireEarlyLoading(
    of module: EarlyModule, below root: HostRoot
  ) throws(PawlError) {
    switch name {
    case .mkinitcpio:
      try MkinitcpioConfiguration(root: root)
        .requireDropIns(withOptions: !module.modprobeText.isEmpty)
    case .initramfsTools, .dracut, .mkinitfs, .booster: break
    }
  }

  /// nil where `early` says all. Throws `refused` where none would do.
  public func feature(
    for module: EarlyModule, release: String, below root: HostRoot
  ) throws(PawlError) -> InitramfsFeature? {
    switch name {
    case .mkinitfs:
      let feature = try MkinitfsFeature(module, release: release, root: root)
      return InitramfsFeature(
        path: feature.path, modules: feature.modulesText, files: MkinitfsFeature.filesText,
        configuration: MkinitfsFeature.configurationFile, line: feature.line)
    case .initramfsTools, .dracut, .mkinitcpio, .booster: return nil
    }
  }

  /// The tool of the system below `root`; absent where none is installed.
  ///
  /// Of several, the one that the distribution's own kernel packages call: what
  /// `/etc/kernel/install.conf` names (`kernel-install(8)`), else that of the family.
  public static func detect(
    root: HostRoot, family: DistributionFamily
  ) -> Reading<InitramfsTool> {
    let installed = table.compactMap { row in
      row.programs.first(where: root.exists).map { (row.name, $0) }
    }
    guard let first = installed.first else { return .absent }
    let wanted = configured(root: root) ?? ofFamily[family]
    let chosen = installed.first { $0.0 == wanted } ?? first
    return .present(
      InitramfsTool(
        name: chosen.0, program: chosen.1,
        others: installed.map(\.0).filter { $0 != chosen.0 }))
  }

  private static func configured(root: HostRoot) -> Name? {
    for folder in ["/etc", "/run", "/usr/local/lib", "/usr/lib"] {
      guard let text = root.text("\(folder)/kernel/install.conf").value else { continue }
      let line = text.split(separator: "\n").last { $0.hasPrefix("initrd_generator=") }
      return line.flatMap { Name(rawValue: String($0.dropFirst(17)).trimmingWhitespace()) }
    }
    return nil
  }

  private static let ofFamily: [DistributionFamily: Name] = [
    .debian: .initramfsTools, .rhel: .dracut, .suse: .dracut, .arch: .mkinitcpio,
    .alpine: .mkinitfs,
  ]

  private struct Row {
    let name: Name
    let programs: [String]
    let rebuild: [String]
    let make: [String]
    let early: EarlyLoading?
  }

  /// From update-initramfs(8), mkinitramfs(8), dracut(8), mkinitcpio(8), mkinitfs(1) and booster's manual.
  private static let table = [
    Row(
      name: .initramfsTools, programs: ["/usr/sbin/update-initramfs", "/sbin/update-initramfs"],
      rebuild: ["update-initramfs", "-u", "-k", "RELEASE"],
      make: ["mkinitramfs", "-o", "IMAGE", "RELEASE"],
      early: .line(in: "/etc/initramfs-tools/modules")),
    Row(
      name: .dracut,
      programs: ["/usr/bin/dracut", "/usr/sbin/dracut", "/sbin/dracut", "/bin/dracut"],
      rebuild: ["dracut", "--force", "--kver", "RELEASE"],
      make: ["dracut", "--force", "IMAGE", "RELEASE"],
      early: .file("/etc/dracut.conf.d/pawl-MODULE.conf", "force_drivers+=\" MODULE \"\n")),
    Row(
      name: .mkinitcpio, programs: ["/usr/bin/mkinitcpio", "/usr/sbin/mkinitcpio"],
      rebuild: ["mkinitcpio", "-P"],
      make: ["mkinitcpio", "--kernel", "RELEASE", "--generate", "IMAGE"],
      early: .file(
        "\(MkinitcpioConfiguration.folder)/pawl-MODULE.conf",
        MkinitcpioHooks.line(first: "MODULE") + "\n")),
    Row(
      name: .mkinitfs, programs: ["/sbin/mkinitfs", "/usr/sbin/mkinitfs"],
      rebuild: ["mkinitfs", "RELEASE"],
      make: ["mkinitfs", "-o", "IMAGE", "RELEASE"], early: .line(in: MkinitfsFeature.list)),
    Row(
      name: .booster, programs: ["/usr/bin/booster"],
      rebuild: ["/usr/lib/booster/regenerate_images"],
      make: ["booster", "build", "--force", "--kernel-version", "RELEASE", "IMAGE"], early: nil),
  ]
}
