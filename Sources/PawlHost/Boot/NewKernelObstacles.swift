import PawlModel

/// What the host demands of every kernel it starts, and a new one may not have: said before its entry
/// is in the menu, since a host that enforces it may come up without a way in.
public struct NewKernelObstacles {
  private let root: HostRoot

  public init(root: HostRoot) { self.root = root }

  /// Throws `refused` with all that stands in the way of the kernel with this configuration.
  public func require(_ release: String) throws {
    let config = KernelConfig.read("/boot/config-\(release)", root: root).value
    let found = securityModules(config) + secureBoot
    guard found.isEmpty else {
      throw PawlError(
        .refused, found.joined(separator: " "),
        hint: "Build it with what is missing, or change what this host demands; then plan again.")
    }
  }

  /// The same, of all that can be told before the kernel is built: hours, where it is.
  public func requireBeforeBuild() throws(PawlError) {
    guard let obstacle = secureBoot.first else { return }
    throw PawlError(
      .refused, obstacle,
      hint: "Sign it with a key that is enrolled and start it yourself, with --set restart=no; or "
        + "switch Secure Boot off in the firmware, then plan again.")
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

  /// The firmware would refuse an image without a signature that it knows, and Pawl knows none.
  private var secureBoot: [String] {
    guard EFIVariables(root: root).isSecureBootOn else { return [] }
    return [
      "Secure Boot is on: the firmware starts only signed kernels, and Pawl cannot tell whether this "
        + "one is signed with a key that is enrolled."
    ]
  }
}
