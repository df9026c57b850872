import Glibc

/// Everything detection knows about one host, read once.
///
/// `report` puts it into the shape of `pawl detect --json`; `CapabilityCheck` answers single
/// questions from it. Nothing is changed and nothing needs root; what cannot be read is unknown.
public struct HostDetection: Sendable {
  public let root: HostRoot
  public let identity: HostIdentity
  public let release: Reading<KernelRelease>
  public let config: KernelConfigProbe
  public let modules: ModuleIndex
  public let iommu: Reading<[IOMMUGroup]>
  public let container: ContainerDetection
  public let wsl: WSLDetection
  public let security: SecurityDetection
  public let boot: BootLoaderDetection
  public let initramfs: Reading<InitramfsTool>
  public let dkms: Reading<DKMSTree>
  public let immutable: ImmutableSystem?
  /// Under WSL only.
  public let windows: WindowsSide?
  /// The source of the running kernel, as a path on this machine's disk, where it is at hand.
  public let sourceTree: String?

  /// Looks at the system below `root`.
  /// - Parameter environment: this process's environment; used for the live root only.
  public init(root: HostRoot, environment: [String: String]? = nil) {
    let environment = environment ?? (root.isLive ? Self.ownEnvironment() : [:])
    self.root = root
    identity = HostIdentity.detect(root: root)
    release = KernelRelease.detect(root: root)
    config = KernelConfigProbe.locate(root: root, release: release.value)
    modules = ModuleIndex(root: root, release: release.value?.text)
    iommu = IOMMUGroup.list(root: root)
    container = ContainerDetection.detect(root: root, environment: environment)
    wsl = WSLDetection.detect(root: root, environment: environment)
    security = SecurityDetection.detect(root: root, config: config)
    boot = BootLoaderDetection.detect(
      root: root, wsl: wsl, container: container, files: LiveHost())
    let system = identity.operatingSystem.value
    initramfs = InitramfsTool.detect(root: root, family: system?.family ?? .unknown)
    dkms = DKMSTree.read(root: root)
    windows = wsl.version == nil ? nil : WindowsSide.detect(root: root)
    sourceTree = KernelSourceTree.find(root: root, release: release.value?.text)
    immutable = ImmutableSystem.detect(
      root: root, system: system,
      mounts: MountTable(mountinfo: root.text("/proc/self/mountinfo").value ?? ""))
  }

  /// Looks at the system below `root` and reports on it, and on `modules` by name.
  public static func detect(root: HostRoot, modules: [String] = []) -> DetectionReport {
    HostDetection(root: root).report(modules: modules)
  }

  private static func ownEnvironment() -> [String: String] {
    var found: [String: String] = [:]
    for name in ["KUBERNETES_SERVICE_HOST", "WSL_DISTRO_NAME"] {
      if let value = getenv(name) { found[name] = String(cString: value) }
    }
    return found
  }
}

// MARK: - The report

extension HostDetection {
  /// The report, with an answer for each of `modules` under its name with underscores.
  public func report(modules names: [String] = []) -> DetectionReport {
    let release = release.value
    var checks: [String: DetectionReport.ModuleCheck] = [:]
    for name in names { checks[ModuleName.normalize(name)] = check(name) }
    return DetectionReport(
      host: host(),
      kernel: DetectionReport.Kernel(
        version: release?.text ?? "unknown",
        versionSource: release?.sourceInWords ?? self.release.reason ?? "",
        configAvailable: config.found != nil,
        configPath: config.found?.path,
        configReason: config.reason,
        configMatchesVersion: config.found?.matchesRelease,
        configMayBeAnotherKernel: config.found?.mayBeAnotherKernel ?? false,
        configTried: config.attempts.map { .init(path: $0.path, outcome: $0.outcome) },
        loadedModules: modules.loadedNames,
        loadedModulesReason: modules.loaded.reason,
        moduleNotes: modules.notes + modules.blocks.unread,
        moduleCheck: checks,
        iommuGroups: iommu.value,
        iommuReason: iommu.reason,
        passthroughObstacles: Passthrough.detect(
          groups: iommu, commandLine: KernelCommandLine.read(root: root).value, modules: modules
        ).obstacles),
      container: containerReport(), wsl: wslReport(), security: .init(security),
      boot: .init(boot), tools: tools(), immutable: .init(immutable))
  }

  private func tools() -> DetectionReport.Tools {
    .init(
      initramfs: initramfs.value?.name.rawValue, initramfsProgram: initramfs.value?.program,
      dkms: dkms.value?.entries, dkmsReason: dkms.reason)
  }

  private func host() -> DetectionReport.Host {
    let system = identity.operatingSystem
    return DetectionReport.Host(
      root: root.path, name: identity.name, machineID: identity.machineID, bootID: identity.bootID,
      architecture: identity.architecture,
      operatingSystem: .init(
        id: system.value?.id, idLike: system.value?.idLike ?? [],
        versionID: system.value?.versionID, prettyName: system.value?.prettyName,
        family: system.value?.family ?? .unknown, reason: system.reason))
  }

  private func containerReport() -> DetectionReport.Container {
    switch container.answer {
    case .yes:
      .init(
        inContainer: true, kind: container.kind, privileged: container.isPrivileged, reason: nil,
        evidence: container.evidence)
    case .no:
      .init(
        inContainer: false, kind: nil, privileged: nil, reason: nil, evidence: container.evidence)
    case .unknown(let reason):
      .init(inContainer: nil, kind: nil, privileged: nil, reason: reason, evidence: [])
    }
  }

  private func wslReport() -> DetectionReport.WSL {
    let answer: (Bool?, String?) =
      switch wsl.answer {
      case .no: (false, nil)
      case .wsl1, .wsl2: (true, nil)
      case .unknown(let reason): (nil, reason)
      }
    return .init(
      detected: answer.0, version: wsl.version, customKernel: wsl.hasCustomKernel,
      windows: windows.map(DetectionReport.Windows.init), reason: answer.1, evidence: wsl.evidence)
  }

  private func check(_ name: String) -> DetectionReport.ModuleCheck {
    let state = modules.state(name)
    let file = modules.file(name)
    let symbol = symbol(ofModule: name)
    let configState = symbol.map { config.state($0.symbol) }
    var reasons: [String] = []
    if let reason = modules.loaded.reason { reasons.append("loaded: not known, \(reason)") }
    if case .unreadable(let reason) = file { reasons.append("compiled: not known, \(reason)") }
    switch configState {
    case .y, .m, .n: break
    case nil: reasons.append("config_state: no known symbol builds this module")
    case .absent: reasons.append("config_state: the configuration does not mention the symbol")
    case .unreadable(let reason): reasons.append("config_state: \(reason)")
    case .value: reasons.append("config_state: the symbol holds a value, not y, m or n")
    }
    let source: String? =
      switch symbol?.source {
      case .kbuild(let tree): "Kbuild files of \(tree)"
      case .table: "table"
      case .guess: "guess"
      case nil: nil
      }
    return DetectionReport.ModuleCheck(
      loaded: modules.isLoaded(name) ?? false, compiled: file.value != nil,
      configState: configState?.letter,
      reason: reasons.isEmpty ? nil : reasons.joined(separator: "; "),
      state: state.word, symbol: symbol?.symbol, symbolSource: source, path: file.value?.path,
      dependencies: file.value?.dependencies,
      blocks: modules.blocks(name).map {
        .init(kind: $0.kind, file: $0.file, line: $0.line, text: $0.text)
      })
  }

  /// The symbol that builds a module of this host.
  public func symbol(ofModule name: String) -> SymbolOfModule? {
    SymbolOfModule.find(
      name, path: modules.file(name).value?.path, tree: sourceTree, release: release.value?.text,
      config: config.found?.config)
  }
}
