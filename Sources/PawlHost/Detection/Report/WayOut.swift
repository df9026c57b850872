/// What would make a kernel able to do something: words, and the command of Pawl's that plans it.
struct WayOut: ExpressibleByStringInterpolation {
  let words: String
  let recipe: String?
  /// `SYMBOL=m`, of a kernel that would have to be built.
  let option: String?

  init(words: String, recipe: String?, option: String? = nil) {
    self.words = words
    self.recipe = recipe
    self.option = option
  }

  init(stringLiteral words: String) { self.init(words: words, recipe: nil) }
}

extension WayOut {
  static func load(_ name: String, _ host: HostDetection) -> WayOut {
    host.container.answer == .yes
      ? "On the host, not in this container: modprobe \(name)."
      : WayOut(
        words: "Run modprobe \(name).", recipe: "pawl plan module-load --set module=\(name)")
  }

  /// Where a kernel keeps its configuration in a module that is not loaded (IKCONFIG=m).
  static func readConfig(_ modules: ModuleIndex) -> WayOut {
    guard case .available = modules.state("configs") else {
      return "Install the configuration of this kernel, by its package."
    }
    return WayOut(
      words: "The module configs has it: load that for now.",
      recipe: "pawl plan module-load --set module=configs --set persist=no")
  }

  /// What is built as a module needs no more than that.
  static func rebuild(_ symbol: String) -> WayOut {
    let option = "\(symbol)=" + (ModuleSymbolTable.modules(of: symbol).isEmpty ? "y" : "m")
    return WayOut(
      words: "Build a kernel with CONFIG_\(symbol), or use one of the distribution that has it.",
      recipe: "pawl plan kernel-rebuild --set options=\(option)", option: option)
  }

  /// Distributions keep rarer modules in a package of their own.
  static func extraPackage(_ host: HostDetection) -> WayOut {
    let release = host.release.value?.text ?? "RELEASE"
    let system = host.identity.operatingSystem.value
    switch system?.family {
    case .debian where system?.id == "ubuntu" || system?.idLike.contains("ubuntu") == true:
      return "Install linux-modules-extra-\(release)."
    case .rhel: return "Install kernel-modules-extra for \(release)."
    case .alpine: return "Use linux-lts: linux-virt ships fewer modules."
    case .debian, .arch, .suse, .unknown, nil:
      return "Reinstall the package of kernel \(release), then run depmod \(release)."
    }
  }
}
