extension DetectionReport {
  /// What the firmware checks, and what the kernel refuses.
  public struct Security: Sendable, Equatable, Codable {
    /// `enabled`, `disabled`, `setup-mode`, `not-uefi`; nil where not known.
    public var secureBoot: String?
    public var secureBootReason: String?
    /// shim checks what it starts; nil without shim.
    public var shimValidates: Bool?
    /// `none`, `integrity`, `confidentiality`, `unsupported`; nil where not known.
    public var lockdown: String?
    public var lockdownReason: String?
    /// `required`, `checked`, `not-checked`; nil where not known.
    public var moduleSignatures: String?
    public var moduleSignaturesReason: String?
    public var modulesDisabled: Bool?

    enum CodingKeys: String, CodingKey {
      case secureBoot = "secure_boot"
      case secureBootReason = "secure_boot_reason"
      case shimValidates = "shim_validates"
      case lockdown
      case lockdownReason = "lockdown_reason"
      case moduleSignatures = "module_signatures"
      case moduleSignaturesReason = "module_signatures_reason"
      case modulesDisabled = "modules_disabled"
    }

    init(_ found: SecurityDetection) {
      secureBoot = found.secureBoot.value?.rawValue
      secureBootReason = found.secureBoot.reason
      shimValidates = found.shimValidates
      lockdown = found.lockdown.value?.rawValue
      lockdownReason = found.lockdown.reason
      moduleSignatures = found.moduleSignatures.value?.rawValue
      moduleSignaturesReason = found.moduleSignatures.reason
      modulesDisabled = found.modulesDisabled
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(secureBoot, forKey: .secureBoot)
      try container.encode(secureBootReason, forKey: .secureBootReason)
      try container.encode(shimValidates, forKey: .shimValidates)
      try container.encode(lockdown, forKey: .lockdown)
      try container.encode(lockdownReason, forKey: .lockdownReason)
      try container.encode(moduleSignatures, forKey: .moduleSignatures)
      try container.encode(moduleSignaturesReason, forKey: .moduleSignaturesReason)
      try container.encode(modulesDisabled, forKey: .modulesDisabled)
    }
  }

  /// What starts the kernel.
  public struct Boot: Sendable, Equatable, Codable {
    /// `uefi` or `bios`; nil where not known.
    public var firmware: String?
    /// nil where none is recognised, see `reason`.
    public var loader: String?
    public var reason: String?
    /// Where its entries live.
    public var entries: String?
    /// It can start a kernel once; nil where not known.
    public var oneShot: Bool?
    public var oneShotReasons: [String]
    public var evidence: [Evidence]

    enum CodingKeys: String, CodingKey {
      case firmware, loader, reason, entries
      case oneShot = "one_shot"
      case oneShotReasons = "one_shot_reasons"
      case evidence
    }

    init(_ found: BootLoaderDetection) {
      firmware = found.firmware.value?.rawValue
      loader = found.kind?.rawValue
      reason = found.reason
      entries = found.entries
      oneShot = found.oneShot
      oneShotReasons = found.oneShotReasons
      evidence = found.evidence
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(firmware, forKey: .firmware)
      try container.encode(loader, forKey: .loader)
      try container.encode(reason, forKey: .reason)
      try container.encode(entries, forKey: .entries)
      try container.encode(oneShot, forKey: .oneShot)
      try container.encode(oneShotReasons, forKey: .oneShotReasons)
      try container.encode(evidence, forKey: .evidence)
    }
  }

  /// What of Windows a WSL system can see and reach.
  public struct Windows: Sendable, Equatable, Codable {
    public var drives: [WindowsSide.Drive]
    /// Windows programs can be started; nil where not known.
    public var interop: Bool?
    /// Asked for in `/etc/wsl.conf`.
    public var systemd: Bool
    public var bootCommand: String?
    /// Why `/etc/wsl.conf` says nothing, where it is there.
    public var settingsReason: String?

    enum CodingKeys: String, CodingKey {
      case drives, interop, systemd
      case bootCommand = "boot_command"
      case settingsReason = "settings_reason"
    }

    init(_ found: WindowsSide) {
      drives = found.drives
      interop = found.interop
      systemd = found.systemd
      bootCommand = found.bootCommand
      settingsReason = found.settingsReason
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(drives, forKey: .drives)
      try container.encode(interop, forKey: .interop)
      try container.encode(systemd, forKey: .systemd)
      try container.encode(bootCommand, forKey: .bootCommand)
      try container.encode(settingsReason, forKey: .settingsReason)
    }
  }

  /// The tools of the distribution that a change of kernels goes through.
  public struct Tools: Sendable, Equatable, Codable {
    /// nil where none is installed.
    public var initramfs: String?
    public var initramfsProgram: String?
    /// nil where DKMS was never used, or its tree cannot be read; see `dkmsReason`.
    public var dkms: [DKMSTree.Entry]?
    public var dkmsReason: String?

    enum CodingKeys: String, CodingKey {
      case initramfs
      case initramfsProgram = "initramfs_program"
      case dkms
      case dkmsReason = "dkms_reason"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(initramfs, forKey: .initramfs)
      try container.encode(initramfsProgram, forKey: .initramfsProgram)
      try container.encode(dkms, forKey: .dkms)
      try container.encode(dkmsReason, forKey: .dkmsReason)
    }
  }

  /// The kernel is part of an image that other tools put together.
  public struct Immutable: Sendable, Equatable, Codable {
    /// `nixos`, `bootc`, `ostree` or `transactional`; nil where the system is none of them.
    public var kind: String?
    public var evidence: Evidence?
    /// What to do instead of what Pawl would.
    public var instead: String?

    enum CodingKeys: String, CodingKey { case kind, evidence, instead }

    init(_ found: ImmutableSystem?) {
      kind = found?.kind.rawValue
      evidence = found?.evidence
      instead = found?.instead
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(kind, forKey: .kind)
      try container.encode(evidence, forKey: .evidence)
      try container.encode(instead, forKey: .instead)
    }
  }
}
