/// The answer of `pawl check NAME`: can this kernel do it, and if not, what would make it.
public struct CapabilityCheck: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable {
    case symbol, module
    /// Of the kernel.
    case version
    /// Something that is mounted at boot.
    case mount
  }

  public enum Verdict: String, Sendable, Codable {
    /// It works now.
    case have
    /// The kernel can, once a module is loaded (or its package installed).
    case moduleNotLoaded = "module-not-loaded"
    /// Only another kernel, or another configuration of this one, can.
    case needsKernel = "needs-kernel"
    /// It cannot be told; the sentence says why.
    case unknown
  }

  /// The name in its normal form: a symbol without `CONFIG_`, a module with underscores.
  public let name: String
  public let kind: Kind
  public let verdict: Verdict
  /// What was found, in one sentence.
  public let sentence: String
  /// What to do about it; nil where there is nothing to do.
  @OrNull public private(set) var howToFix: String?
  /// The command that plans it; nil where no recipe of Pawl's would.
  @OrNull public private(set) var recipe: String?
  /// The option that another kernel would need, `SYMBOL=m`.
  @OrNull public private(set) var option: String?

  init(
    name: String, kind: Kind, verdict: Verdict, sentence: String, way: WayOut? = nil
  ) {
    self.name = name
    self.kind = kind
    self.verdict = verdict
    self.sentence = sentence
    howToFix = way?.words
    recipe = way?.recipe
    option = way?.option
  }

  enum CodingKeys: String, CodingKey {
    case name, kind, verdict, sentence
    case howToFix = "how_to_fix"
    case recipe, option
  }

  /// Whether a word means a symbol or a module. `CONFIG_X` and words in capitals are symbols; a word
  /// with small letters is a module, unless only the configuration knows it.
  public static func kind(of word: String, host: HostDetection) -> Kind {
    if word.hasPrefix("CONFIG_") { return .symbol }
    if word.contains("-") { return .module }
    if !word.contains(where: \.isLowercase), word.contains(where: \.isLetter) { return .symbol }
    if host.modules.state(word) == .missing, let config = host.config.found?.config,
      config.state(word) != .absent
    {
      return .symbol
    }
    return .module
  }

  /// Answers for one symbol or module of a host.
  public static func of(_ word: String, host: HostDetection) -> CapabilityCheck {
    switch kind(of: word, host: host) {
    case .symbol: ofSymbol(word, host: host)
    case .module, .version, .mount: ofModule(word, host: host)
    }
  }

  /// `name` with or without `CONFIG_`.
  static func ofSymbol(_ name: String, host: HostDetection) -> CapabilityCheck {
    symbol(name.hasPrefix("CONFIG_") ? String(name.dropFirst(7)) : name, host)
  }

  static func ofModule(_ name: String, host: HostDetection) -> CapabilityCheck {
    module(ModuleName.normalize(name), host)
  }
}

// MARK: - Modules

extension CapabilityCheck {
  private static func module(_ name: String, _ host: HostDetection) -> CapabilityCheck {
    func answer(_ verdict: Verdict, _ sentence: String, _ fix: WayOut? = nil) -> CapabilityCheck {
      CapabilityCheck(
        name: name, kind: .module, verdict: verdict, sentence: sentence, way: fix)
    }
    switch host.modules.state(name) {
    case .loaded: return answer(.have, "Module \(name) is loaded.")
    case .builtin: return answer(.have, "\(name) is built into the kernel.")
    case .available(let file):
      let blocks = host.modules.blocks(name).filter(\.stopsModprobe)
      if let block = blocks.first {
        return answer(
          .moduleNotLoaded,
          "Module \(name) is there (\(file.path)), and \(block.file) blocks it: \(block.text).",
          block.kind == .kernelBlacklist
            ? "Remove it from module_blacklist= on the kernel command line and restart."
            : "Remove line \(block.line) of \(block.file), then run modprobe \(name).")
      }
      if host.modules.loaded.value == nil {
        return answer(
          .unknown,
          "Module \(name) is there (\(file.path)); whether it is loaded is not known: "
            + "\(host.modules.loaded.reason ?? "no list of loaded modules").")
      }
      return answer(
        .moduleNotLoaded, "Module \(name) is there (\(file.path)) and not loaded.",
        file.dependencies == nil
          ? "Run depmod, then modprobe \(name)." : WayOut.load(name, host))
    case .unknown(let reason): return withoutLists(name, host, reason: reason, answer)
    case .missing: return notShipped(name, host, answer)
    }
  }

  /// The lists of modules cannot be read; the configuration may still settle it.
  private static func withoutLists(
    _ name: String, _ host: HostDetection, reason: String,
    _ answer: (Verdict, String, WayOut?) -> CapabilityCheck
  ) -> CapabilityCheck {
    if let symbol = host.symbol(ofModule: name), symbol.source != .guess {
      switch host.config.state(symbol.symbol) {
      case .y:
        return answer(.have, "\(name) is built into the kernel (CONFIG_\(symbol.symbol)=y).", nil)
      case .n:
        return answer(
          .needsKernel, "This kernel was built without \(name) (CONFIG_\(symbol.symbol) is off).",
          WayOut.rebuild(symbol.symbol))
      case .m, .absent, .unreadable, .value: break
      }
    }
    let place: WayOut =
      host.container.answer == .yes
      ? "Ask on the host: a container does not show its modules."
      : "Install the modules of this kernel, or name the folder of the system with --root."
    return answer(.unknown, "Module \(name) cannot be looked up: \(reason).", place)
  }

  /// The lists are there and do not name the module.
  private static func notShipped(
    _ name: String, _ host: HostDetection,
    _ answer: (Verdict, String, WayOut?) -> CapabilityCheck
  ) -> CapabilityCheck {
    guard let symbol = host.symbol(ofModule: name) else {
      return answer(
        .unknown,
        "No module \(name) is installed, and which CONFIG symbol builds it is not known.",
        "Check the name, or ask for the symbol: pawl check CONFIG_….")
    }
    let full = "CONFIG_\(symbol.symbol)"
    if symbol.source == .guess {
      return answer(
        .unknown,
        "No module \(name) is installed; \(full) is \(host.config.state(symbol.symbol)), but that "
          + "this symbol builds it is only a guess.", "Ask for the symbol: pawl check \(full).")
    }
    switch host.config.state(symbol.symbol) {
    case .y: return answer(.have, "\(name) is built into the kernel (\(full)=y).", nil)
    case .m:
      return answer(
        .moduleNotLoaded,
        "The kernel was built with module \(name) (\(full)=m), and its file is "
          + "not installed.", WayOut.extraPackage(host))
    case .n, .absent, .value:
      return answer(
        .needsKernel, "This kernel was built without \(name) (\(full) is off).",
        WayOut.rebuild(symbol.symbol))
    case .unreadable(let reason):
      return answer(
        .unknown,
        "No module \(name) is installed, and the configuration is not readable: "
          + "\(reason).", nil)
    }
  }
}

// MARK: - Symbols

extension CapabilityCheck {
  private static func symbol(_ name: String, _ host: HostDetection) -> CapabilityCheck {
    func answer(_ verdict: Verdict, _ sentence: String, _ fix: WayOut? = nil) -> CapabilityCheck {
      CapabilityCheck(
        name: name, kind: .symbol, verdict: verdict, sentence: sentence, way: fix)
    }
    let place = host.config.found.map { found in
      found.mayBeAnotherKernel || found.matchesRelease == false
        ? "\(found.path), which may be of another kernel" : found.path
    }
    let source = place ?? ""
    switch host.config.state(name) {
    case .y: return answer(.have, "CONFIG_\(name)=y in \(source).")
    case .value(let text): return answer(.have, "CONFIG_\(name) is \(text) in \(source).")
    case .n:
      return answer(
        .needsKernel, "CONFIG_\(name) is switched off in \(source).", WayOut.rebuild(name))
    case .absent:
      return answer(
        .needsKernel,
        "CONFIG_\(name) is not in \(source): its dependencies are not met, or this kernel does not "
          + "know it.", WayOut.rebuild(name))
    case .unreadable(let reason):
      return answer(
        .unknown, "CONFIG_\(name) cannot be looked up: \(reason).",
        WayOut.readConfig(host.modules))
    case .m:
      let modules = ModuleSymbolTable.modules(of: name)
      if let loaded = modules.first(where: { host.modules.isLoaded($0) == true }) {
        return answer(.have, "CONFIG_\(name)=m in \(source), and module \(loaded) is loaded.")
      }
      guard let module = modules.first else {
        return answer(
          .moduleNotLoaded,
          "CONFIG_\(name)=m in \(source); which module that is, and whether it is loaded, is not "
            + "known.", "Ask for the module by its name: pawl check MODULE.")
      }
      let state = self.module(module, host)
      return answer(
        state.verdict == .needsKernel ? .moduleNotLoaded : state.verdict,
        "CONFIG_\(name)=m in \(source). \(state.sentence)",
        state.howToFix.map { WayOut(words: $0, recipe: state.recipe, option: state.option) })
    }
  }
}
