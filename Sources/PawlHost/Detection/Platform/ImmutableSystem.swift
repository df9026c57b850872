/// Systems whose kernel is part of an image that other tools put together: whatever is changed on the
/// running system is refused by them, or gone with the next update. Pawl says what to do instead.
public struct ImmutableSystem: Sendable, Equatable {
  public enum Kind: String, Sendable, Codable {
    case nixos, bootc, ostree, transactional
  }

  public let kind: Kind
  public let evidence: Evidence
  /// What to do instead.
  public let instead: String

  /// nil where the system below `root` is none of them.
  public static func detect(
    root: HostRoot, system: OperatingSystem?, mounts: MountTable
  ) -> ImmutableSystem? {
    func found(_ kind: Kind, _ source: String, _ finding: String) -> ImmutableSystem {
      ImmutableSystem(
        kind: kind, evidence: Evidence(source: source, finding: finding),
        instead: instead[kind] ?? "")
    }
    if root.exists("/etc/NIXOS") { return found(.nixos, "/etc/NIXOS", "it is there") }
    if let system, system.id == "nixos" { return found(.nixos, system.file, "ID=nixos") }
    if root.exists("/run/ostree-booted") {
      let bootc = ["/usr/lib/bootc", "/usr/bin/bootc"].first(where: root.exists)
      if let bootc, !root.exists("/usr/bin/rpm-ostree") {
        return found(.bootc, bootc, "it is there, and so is /run/ostree-booted")
      }
      return found(.ostree, "/run/ostree-booted", "it is there")
    }
    let update = "/usr/sbin/transactional-update"
    if root.exists(update), mounts.mount(holding: "/")?.isReadOnly == true {
      return found(.transactional, "/proc/self/mountinfo", "/ is read-only, and \(update) is there")
    }
    return nil
  }

  private static let instead: [Kind: String] = [
    .nixos:
      "Set boot.kernelModules, boot.extraModprobeConfig or boot.kernelPatches "
      + "(structuredExtraConfig) in configuration.nix, then run nixos-rebuild boot.",
    .bootc:
      "Put the kernel and its modules into the image (Containerfile), then run bootc upgrade or "
      + "bootc switch.",
    .ostree:
      "Use rpm-ostree: override replace for another kernel, kargs for its command line, "
      + "/etc/modules-load.d and /etc/modprobe.d by hand.",
    .transactional:
      "Change it in a new snapshot: transactional-update shell, or transactional-update pkg "
      + "install; then restart.",
  ]
}
