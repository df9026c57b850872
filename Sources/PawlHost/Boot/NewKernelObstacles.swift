import PawlModel

/// What the host demands of every kernel it starts, and a new one may not have: said before its entry
/// is in the menu, since a host that enforces it may come up without a way in.
public struct NewKernelObstacles {
  private let root: HostRoot
  private let verifies: (String, String) -> Reading<Bool>

  public init(root: HostRoot) { self.init(root: root, verifies: ImageSignature.sbverify) }

  /// `verifies`: as of `ImageSignature`.
  init(root: HostRoot, verifies: @escaping (String, String) -> Reading<Bool>) {
    self.root = root
    self.verifies = verifies
  }

  /// Throws `refused` with all that stands in the way of an installed kernel.
  public func require(_ release: String) throws(PawlError) {
    let config = KernelConfig.read("/boot/config-\(release)", root: root).value
    let image = KernelLayout.presentImage(of: release, below: root)
    let found = securityModules(config) + secureBoot(image, below: root)
    guard found.isEmpty else {
      throw PawlError(
        .refused, found.joined(separator: " "),
        hint: "Build it with what is missing, or change what this host demands; then plan again.")
    }
  }

  /// The same of a kernel whose files lie in `stage`, as far as they tell, or of one that is still to be built: hours,
  /// where it is. Also where it is not to be tried: in a menu that is made as a whole it would be what is started
  /// by itself, and nothing would be.
  public func requireBeforehand(stage: String?, release: String?) throws(PawlError) {
    let staged = stage.flatMap { stage in
      release.map { ("/boot/vmlinuz-\($0)", HostRoot(path: stage)) }
    }
    let obstacle = staged.map { secureBoot($0.0, below: $0.1) } ?? secureBootOfNew
    guard let obstacle = obstacle.first else { return }
    throw PawlError(
      .refused, obstacle,
      hint:
        "Have it made below a folder (--root DIR), sign DIR/boot/vmlinuz-RELEASE with a key that is "
        + "enrolled (sbsign), then: pawl plan kernel-install --set stage=DIR. Or switch Secure Boot off in "
        + "the firmware.")
  }

  /// Modules that decide who may do what, in force now (/sys/kernel/security/lsm).
  private func securityModules(_ config: KernelConfig?) -> [String] {
    guard let config else { return [] }
    let running = root.line("/sys/kernel/security/lsm").value?.split(separator: ",") ?? []
    var missing: [String] = []
    if running.contains("selinux"), root.line("/sys/fs/selinux/enforce").value == "1",
      config.state("SECURITY_SELINUX") != .y
    {
      missing.append("SELinux is enforced here, and the new kernel has no SECURITY_SELINUX.")
    }
    if running.contains("apparmor"), isEnforcingProfiles, config.state("SECURITY_APPARMOR") != .y {
      missing.append(
        "AppArmor profiles are enforced here, and the new kernel has no SECURITY_APPARMOR.")
    }
    return missing
  }

  private var isEnforcingProfiles: Bool {
    let profiles = root.text("/sys/kernel/security/apparmor/profiles").value ?? ""
    return profiles.contains("(enforce)")
  }

  /// A lab's host had an unsigned kernel installed: GRUB started neither it nor anything else after the next restart.
  private func secureBoot(_ image: String, below place: HostRoot) -> [String] {
    guard EFIVariables(root: root).isSecureBootOn else { return [] }
    let what = "Secure Boot is on: the firmware starts only signed kernels, and \(image) "
    switch ImageSignature(root: root, verifies: verifies).standing(of: image, below: place) {
    case .known: return []
    case .notSigned: return [what + "is not signed."]
    case .unknown: return [what + "is signed by a key that is not enrolled here."]
    case .cannotTell(let why): return [what + "cannot be told to be one: \(why)."]
    }
  }

  private var secureBootOfNew: [String] {
    guard EFIVariables(root: root).isSecureBootOn else { return [] }
    return [
      "Secure Boot is on: the firmware starts only signed kernels, and one that is built here is not."
    ]
  }
}
