import PawlModel

/// What mkinitcpio reads on a host, as far as it decides whether a module can be put into every image by a file
/// of its own. (mkinitcpio(8); mkinitcpio.conf(5); its hook modconf)
struct MkinitcpioConfiguration {
  let root: HostRoot

  static let folder = "/etc/mkinitcpio.conf.d"
  private static let main = "/etc/mkinitcpio.conf"
  private static let presets = "/etc/mkinitcpio.d"

  /// Throws `refused` where images that are made later on would not be like the one that was tried.
  func requireDropIns(withOptions hasOptions: Bool) throws(PawlError) {
    guard root.exists(Self.folder) else {
      throw PawlError(
        .refused, "This mkinitcpio reads no files in \(Self.folder): there is no such folder.",
        hint: "Update it, or put the module into MODULES of \(Self.main) yourself.")
    }
    if let preset = presetsWithConfiguration.first {
      throw PawlError(
        .refused,
        "\(preset) names a configuration of its own, and mkinitcpio then reads no file in "
          + "\(Self.folder).", hint: "Take the line with _config= out of it, then plan again.")
    }
    guard !hasOptions || hooks.contains("modconf") else {
      throw PawlError(
        .refused,
        "HOOKS of \(Self.main) has no modconf: what modprobe.d says of the module would not be in "
          + "the initramfs.", hint: "Add modconf to HOOKS, then plan again.")
    }
  }

  private var presetsWithConfiguration: [String] {
    let files = (root.list(Self.presets).value ?? []).sorted().filter { $0.hasSuffix(".preset") }
    return files.map { "\(Self.presets)/\($0)" }.filter { path in
      lines(of: path).contains { $0.prefix { $0 != "=" }.hasSuffix("_config") }
    }
  }

  /// Words of all lines that set or add to HOOKS.
  private var hooks: [String] {
    let dropIns = (root.list(Self.folder).value ?? []).sorted().filter { $0.hasSuffix(".conf") }
    let files = [Self.main] + dropIns.map { "\(Self.folder)/\($0)" }
    return files.flatMap(lines(of:)).filter { $0.hasPrefix("HOOKS=") || $0.hasPrefix("HOOKS+=") }
      .flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") } }
      .map(String.init)
  }

  private func lines(of path: String) -> [String] {
    (root.text(path).value ?? "").split(separator: "\n").map { $0.trimmingWhitespace() }
      .filter { !$0.hasPrefix("#") }
  }
}
