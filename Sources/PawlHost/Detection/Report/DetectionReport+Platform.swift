extension DetectionReport {
  /// What the firmware checks, and what the kernel refuses.
  public struct Security: Sendable, Equatable, Codable {
    /// `enabled`, `disabled`, `setup-mode`, `not-uefi`; nil where not known.
    @OrNull public var secureBoot: String?
    @OrNull public var secureBootReason: String?
    /// shim checks what it starts; nil without shim.
    @OrNull public var shimValidates: Bool?
    /// `none`, `integrity`, `confidentiality`, `unsupported`; nil where not known.
    @OrNull public var lockdown: String?
    @OrNull public var lockdownReason: String?
    /// `required`, `checked`, `not-checked`; nil where not known.
    @OrNull public var moduleSignatures: String?
    @OrNull public var moduleSignaturesReason: String?
    @OrNull public var modulesDisabled: Bool?

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
  }

  /// What starts the kernel.
  public struct Boot: Sendable, Equatable, Codable {
    /// `uefi` or `bios`; nil where not known.
    @OrNull public var firmware: String?
    /// nil where none is recognised, see `reason`.
    @OrNull public var loader: String?
    @OrNull public var reason: String?
    /// Where its entries live.
    @OrNull public var entries: String?
    /// It can start a kernel once; nil where not known.
    @OrNull public var oneShot: Bool?
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
  }

  /// What of Windows a WSL system can see and reach.
  public struct Windows: Sendable, Equatable, Codable {
    public var drives: [WindowsSide.Drive]
    /// Windows programs can be started; nil where not known.
    @OrNull public var interop: Bool?
    /// Asked for in `/etc/wsl.conf`.
    public var systemd: Bool
    @OrNull public var bootCommand: String?
    /// Why `/etc/wsl.conf` says nothing, where it is there.
    @OrNull public var settingsReason: String?

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
  }

  /// The tools of the distribution that a change of kernels goes through.
  public struct Tools: Sendable, Equatable, Codable {
    /// nil where none is installed.
    @OrNull public var initramfs: String?
    @OrNull public var initramfsProgram: String?
    /// nil where DKMS was never used, or its tree cannot be read; see `dkmsReason`.
    @OrNull public var dkms: [DKMSTree.Entry]?
    @OrNull public var dkmsReason: String?

    enum CodingKeys: String, CodingKey {
      case initramfs
      case initramfsProgram = "initramfs_program"
      case dkms
      case dkmsReason = "dkms_reason"
    }
  }

  /// The kernel is part of an image that other tools put together.
  public struct Immutable: Sendable, Equatable, Codable {
    /// `nixos`, `bootc`, `ostree` or `transactional`; nil where the system is none of them.
    @OrNull public var kind: String?
    @OrNull public var evidence: Evidence?
    /// What to do instead of what Pawl would.
    @OrNull public var instead: String?

    enum CodingKeys: String, CodingKey { case kind, evidence, instead }

    init(_ found: ImmutableSystem?) {
      kind = found?.kind.rawValue
      evidence = found?.evidence
      instead = found?.instead
    }
  }
}
