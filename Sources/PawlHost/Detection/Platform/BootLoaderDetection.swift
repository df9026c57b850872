/// The boot loader of a host: what started it, what is installed, where its entries live, and whether
/// it can start a kernel once. Everything that was seen is evidence; what is merely installed never
/// outweighs what says that it started this boot.
public struct BootLoaderDetection: Sendable, Equatable {
  public enum Kind: String, Sendable, Codable {
    case grub
    /// GRUB that reads the entries of the Boot Loader Specification.
    case grubBLS = "grub-bls"
    case systemdBoot = "systemd-boot"
    case extlinux, refind, zipl
    /// The firmware starts a unified kernel image.
    case unifiedImage = "unified-image"
    case raspberryPi = "raspberry-pi"
    /// Windows starts the kernel.
    case wsl
  }

  public let firmware: Reading<Firmware>
  /// nil where nothing is recognised; see `reason`.
  public let kind: Kind?
  public let reason: String?
  /// Where entries live, as a path of that system; nil where that is not known.
  public let entries: String?
  public let evidence: [Evidence]
  /// nil where it is not known.
  public let oneShot: Bool?
  /// Why it cannot, or why that is not known; sentences.
  public let oneShotReasons: [String]

  /// Looks below `root`. `files` is only read.
  public static func detect(
    root: HostRoot, wsl: WSLDetection, container: ContainerDetection, files: any HostFiles
  ) -> BootLoaderDetection {
    let firmware = wsl.version == nil ? Firmware.detect(root: root) : .absent
    func answer(
      _ kind: Kind?, _ evidence: [Evidence] = [], entries: String? = nil, reason: String? = nil,
      oneShot: (Bool?, [String])
    ) -> BootLoaderDetection {
      BootLoaderDetection(
        firmware: firmware, kind: kind, reason: reason, entries: entries, evidence: evidence,
        oneShot: oneShot.0, oneShotReasons: oneShot.1)
    }
    if container.answer == .yes {
      let reason = "a container is not started by a boot loader"
      return answer(nil, reason: reason, oneShot: (false, ["The host outside starts the kernel."]))
    }
    if wsl.version != nil {
      return answer(
        .wsl, wsl.evidence,
        oneShot: (false, ["Windows starts the kernel, the one that .wslconfig names, every time."]))
    }
    var search = BootLoaderSearch(root: root)
    search.lookAtWhatStarted()
    search.lookAtWhatIsInstalled()
    guard let kind = search.kind else {
      let reason = "no boot loader that Pawl knows left a mark"
      return answer(
        nil, search.evidence, reason: reason, oneShot: (nil, ["Which it is is not known."]))
    }
    return answer(
      kind, search.evidence, entries: search.entries(of: kind),
      oneShot: oneShot(kind, root: root, files: files))
  }

  private static func oneShot(
    _ kind: Kind, root: HostRoot, files: any HostFiles
  ) -> (Bool?, [String]) {
    let steered: Bool =
      switch kind {
      case .grub, .grubBLS, .systemdBoot, .extlinux: true
      case .refind, .zipl, .unifiedImage, .raspberryPi, .wsl: false
      }
    guard steered, let loader = BootLoaders.detect(root: root, files: files) else {
      return (nil, ["Pawl does not steer this boot loader."])
    }
    switch loader.oneShotAbility() {
    case .able: return (true, [])
    case .unable(let sentences): return (false, sentences)
    }
  }
}
