/// The search for a kernel's configuration: where it was looked for, what was found, and how far it
/// can be trusted.
public struct KernelConfigProbe: Sendable {
  /// One place that was tried without success.
  public struct Attempt: Sendable, Equatable {
    public let path: String
    /// Why it did not serve: `not there`, `permission denied`, …
    public let outcome: String
  }

  /// The place that won.
  public struct Found: Sendable {
    public let path: String
    public let config: KernelConfig
    /// Whether the version in the file's header fits the kernel's release; nil when the file has no
    /// header or the release is unknown.
    public let matchesRelease: Bool?
    /// The place is not tied to a release (`/usr/src/linux/.config`): it may be of another kernel.
    public let mayBeAnotherKernel: Bool
  }

  public let found: Found?
  /// Every place tried before the one that won, or all of them.
  public let attempts: [Attempt]

  /// Why there is no configuration, in words; nil when there is one.
  public var reason: String? {
    if found != nil { return nil }
    let told = attempts.filter { $0.outcome != "not there" }
    if told.isEmpty { return "none of the \(attempts.count) known places holds it" }
    return told.map { "\($0.path): \($0.outcome)" }.joined(separator: "; ")
  }

  /// What the configuration says about a symbol; unreadable, with the reason, without one.
  public func state(_ symbol: String) -> SymbolState {
    guard let found else { return .unreadable(reason ?? "no kernel configuration") }
    return found.config.state(symbol)
  }

  /// The places where the configuration of a release may be, best first.
  ///
  /// The order is that of kubeadm's validator with `/lib/modules/R/config` (Fedora, RHEL) added.
  /// `/proc/config.gz` is asked only about the running kernel: it is the one place that cannot be of
  /// another. Alpine has it only after `modprobe configs`.
  public static func places(release: String, isRunning: Bool) -> [String] {
    (isRunning ? ["/proc/config.gz"] : []) + [
      "/boot/config-\(release)",
      "/usr/src/linux-\(release)/.config",
      "/usr/lib/modules/\(release)/config",
      "/lib/modules/\(release)/config",
      "/usr/lib/ostree-boot/config-\(release)",
      "/usr/lib/kernel/config-\(release)",
      "/usr/src/linux-headers-\(release)/.config",
      "/lib/modules/\(release)/build/.config",
    ]
  }

  /// The last place, of whatever kernel's source is linked there.
  public static let unversionedPlace = "/usr/src/linux/.config"

  /// Looks for the configuration of `release` in all known places below `root`, in order.
  public static func locate(root: HostRoot, release: KernelRelease?) -> KernelConfigProbe {
    var attempts: [Attempt] = []
    let versioned =
      release.map { places(release: $0.text, isRunning: $0.isRunning) } ?? ["/proc/config.gz"]
    for path in versioned {
      switch KernelConfig.read(path, root: root) {
      case .present(let config):
        let fits = matches(header: config.headerVersion, release: release?.text)
        let found = Found(
          path: path, config: config, matchesRelease: fits, mayBeAnotherKernel: false)
        return KernelConfigProbe(found: found, attempts: attempts)
      case .absent: attempts.append(Attempt(path: path, outcome: "not there"))
      case .unreadable(let reason): attempts.append(Attempt(path: path, outcome: reason))
      }
    }
    let path = unversionedPlace
    switch KernelConfig.read(path, root: root) {
    case .absent: attempts.append(Attempt(path: path, outcome: "not there"))
    case .unreadable(let reason): attempts.append(Attempt(path: path, outcome: reason))
    case .present(let config):
      let fits = matches(header: config.headerVersion, release: release?.text)
      if fits == false {
        let other = config.headerVersion ?? "another version"
        attempts.append(Attempt(path: path, outcome: "it is of another kernel, \(other)"))
        break
      }
      let found = Found(path: path, config: config, matchesRelease: fits, mayBeAnotherKernel: true)
      return KernelConfigProbe(found: found, attempts: attempts)
    }
    return KernelConfigProbe(found: nil, attempts: attempts)
  }

  /// Whether a header's version fits a release, by their upstream numbers.
  ///
  /// Debian and Ubuntu name a release by its ABI (`6.1.0-50-amd64`, `5.4.0-26-generic`) while the
  /// header has the stable version (`6.1.176`, `5.4.30`), so a third number of 0 in the release fits
  /// any third number.
  static func matches(header: String?, release: String?) -> Bool? {
    guard let header, let release else { return nil }
    let one = KernelVersion.upstream(header)
    let other = KernelVersion.upstream(release)
    guard one.count >= 2, other.count >= 2 else { return nil }
    if one[0] != other[0] || one[1] != other[1] { return false }
    let third = other.count > 2 ? other[2] : 0
    return third == 0 || third == (one.count > 2 ? one[2] : 0)
  }
}
