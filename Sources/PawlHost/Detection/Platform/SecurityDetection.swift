/// What stands between a host and a kernel or a module of one's own: what the firmware checks before it
/// starts a kernel, and what the running kernel refuses.
public struct SecurityDetection: Sendable, Equatable {
  public enum SecureBoot: String, Sendable, Codable {
    case enabled, disabled
    /// The firmware takes keys from anybody, and checks nothing.
    case setupMode = "setup-mode"
    /// Started by a BIOS: nothing checks anything.
    case notUEFI = "not-uefi"
  }

  public enum Lockdown: String, Sendable, Codable {
    case none, integrity, confidentiality
    /// The kernel was built without it.
    case unsupported
  }

  public enum ModuleSignatures: String, Sendable, Codable {
    /// A module without a signature that the kernel knows does not load.
    case required
    /// It loads, and the kernel is marked as tainted.
    case checked
    case notChecked = "not-checked"
  }

  public let secureBoot: Reading<SecureBoot>
  /// shim checks what it starts (`mokutil --disable-validation` switches that off); nil without shim.
  public let shimValidates: Bool?
  public let lockdown: Reading<Lockdown>
  public let moduleSignatures: Reading<ModuleSignatures>
  /// `kernel.modules_disabled=1`: no module loads until the next boot. nil where that is not known.
  public let modulesDisabled: Bool?

  /// A kernel without a signature that firmware or shim knows is not started here.
  public var refusesUnsignedKernels: Bool? {
    guard let state = secureBoot.value else { return nil }
    return state == .enabled && shimValidates != false
  }

  /// Looks below `root`. `config` is of the running kernel.
  public static func detect(root: HostRoot, config: KernelConfigProbe) -> SecurityDetection {
    let lockdown = lockdown(root: root)
    return SecurityDetection(
      secureBoot: secureBoot(root: root), shimValidates: shimValidates(root: root),
      lockdown: lockdown,
      moduleSignatures: moduleSignatures(root: root, lockdown: lockdown.value, config: config),
      modulesDisabled: flag(root.line("/proc/sys/kernel/modules_disabled")))
  }

  // MARK: - The firmware

  /// Four bytes of attributes, then one of value. (UEFI specification, 3.3; kernel: efivarfs.rst)
  private static func secureBoot(root: HostRoot) -> Reading<SecureBoot> {
    switch Firmware.detect(root: root) {
    case .absent: return .unreadable("whether UEFI or a BIOS started this host is not known")
    case .unreadable(let reason): return .unreadable(reason)
    case .present(.bios): return .present(.notUEFI)
    case .present(.uefi): break
    }
    let variables = EFIVariables(root: root)
    if variables.bytes("SetupMode", of: EFIVariables.globalVendor).value?.first == 1 {
      return .present(.setupMode)
    }
    switch variables.bytes("SecureBoot", of: EFIVariables.globalVendor) {
    case .present(let value): return .present(value.first == 1 ? .enabled : .disabled)
    case .unreadable(let reason): return .unreadable(reason)
    case .absent:
      let shown = !(root.list(EFIVariables.folder).value ?? []).isEmpty
      return shown
        ? .present(.disabled) : .unreadable("\(EFIVariables.folder) is not mounted")
    }
  }

  /// What shim tells the kernel of itself (its `MokSBStateRT`); 1 is "do not check".
  private static func shimValidates(root: HostRoot) -> Bool? {
    let state = EFIVariables(root: root).bytes("MokSBStateRT", of: EFIVariables.shimVendor)
    if let value = state.value {
      return value.first != 1
    }
    let isShim = BootedBy.detect(root: root).path?.lowercased().contains("\\shim") == true
    return isShim ? true : nil
  }

  // MARK: - The kernel

  /// `none [integrity] confidentiality`: the one in brackets holds. (kernel: security/lockdown)
  private static func lockdown(root: HostRoot) -> Reading<Lockdown> {
    let folder = "/sys/kernel/security"
    switch root.line("\(folder)/lockdown") {
    case .present(let line):
      let word = line.words().first { $0.hasPrefix("[") && $0.hasSuffix("]") }
      guard let level = word.flatMap({ Lockdown(rawValue: String($0.dropFirst().dropLast())) })
      else { return .unreadable("\(folder)/lockdown holds no level: \(line)") }
      return .present(level)
    case .unreadable(let reason): return .unreadable(reason)
    case .absent:
      let shown = !(root.list(folder).value ?? []).isEmpty
      return shown ? .present(.unsupported) : .unreadable("\(folder) is not mounted")
    }
  }

  private static func moduleSignatures(
    root: HostRoot, lockdown: Lockdown?, config: KernelConfigProbe
  ) -> Reading<ModuleSignatures> {
    if lockdown == .integrity || lockdown == .confidentiality { return .present(.required) }
    switch flag(root.line("/sys/module/module/parameters/sig_enforce")) {
    case true?: return .present(.required)
    case false?: return .present(.checked)
    case nil: break
    }
    switch config.state("MODULE_SIG") {
    case .y: return .present(config.state("MODULE_SIG_FORCE") == .y ? .required : .checked)
    case .m, .n, .absent, .value: return .present(.notChecked)
    case .unreadable(let reason): return .unreadable(reason)
    }
  }

  private static func flag(_ line: Reading<String>) -> Bool? {
    switch line.value {
    case "1", "Y": true
    case "0", "N": false
    default: nil
    }
  }
}
