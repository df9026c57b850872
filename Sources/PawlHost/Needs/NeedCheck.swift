/// The answer of `pawl check docker`: every need of a list, looked up on a host.
public struct NeedCheck: Sendable, Equatable, Codable {
  public struct Item: Sendable, Equatable, Codable {
    public let level: Need.Level
    public let check: CapabilityCheck
  }

  public let name: String
  public let title: String
  public let source: String
  public let version: String
  public let items: [Item]

  /// The worst of what is required.
  public var verdict: CapabilityCheck.Verdict {
    let found = Set(items.filter { $0.level == .required }.map(\.check.verdict))
    let worst: [CapabilityCheck.Verdict] = [.needsKernel, .unknown, .moduleNotLoaded]
    return worst.first(where: found.contains) ?? .have
  }

  /// The commands of Pawl's that plan what is missing of this level: one kernel with all the options,
  /// and each module that is only to be loaded.
  public func recipes(_ level: Need.Level) -> [String] {
    let checks = items.filter { $0.level == level && $0.check.verdict != .have }.map(\.check)
    let options = checks.compactMap(\.option)
    let rebuild = "pawl plan kernel-rebuild --set options=" + options.joined(separator: ",")
    return checks.filter { $0.option == nil }.compactMap(\.recipe)
      + (options.isEmpty ? [] : [rebuild])
  }

  /// Looks up those that concern this kernel.
  public static func of(_ list: NeedList, host: HostDetection) -> NeedCheck {
    let cgroups = ControlGroups.detect(root: host.root)
    let needs = list.needs.filter {
      $0.concerns(release: host.release.value?.text, cgroup: cgroups.value?.version)
    }
    return NeedCheck(
      name: list.name, title: list.title, source: list.source, version: list.version,
      items: needs.map { Item(level: $0.level, check: check($0, host, cgroups)) })
  }

  private static func check(
    _ need: Need, _ host: HostDetection, _ cgroups: Reading<ControlGroups>
  ) -> CapabilityCheck {
    switch need.subject {
    case .symbol(let names): anyOf(names, host)
    case .module(let name):
      need.dkmsPackage.map { outside(name, package: $0, host) }
        ?? CapabilityCheck.ofModule(name, host: host)
    case .kernel(let version): kernel(version, host)
    case .cgroups: ControlGroups.check(cgroups)
    }
  }

  /// The first of the names that the kernel can do; else what is said of the first.
  private static func anyOf(_ names: [String], _ host: HostDetection) -> CapabilityCheck {
    let checks = names.map { CapabilityCheck.ofSymbol($0, host: host) }
    for verdict in [CapabilityCheck.Verdict.have, .moduleNotLoaded] {
      if let found = checks.first(where: { $0.verdict == verdict }) { return found }
    }
    return checks.first ?? CapabilityCheck.ofSymbol("", host: host)
  }

  /// A module that no kernel has by itself.
  private static func outside(
    _ name: String, package: String, _ host: HostDetection
  ) -> CapabilityCheck {
    let known = CapabilityCheck.ofModule(name, host: host)
    switch host.modules.state(name) {
    case .loaded, .builtin, .available, .unknown: return known
    case .missing:
      return CapabilityCheck(
        name: ModuleName.normalize(name), kind: .module, verdict: .moduleNotLoaded,
        sentence: "Module \(name) is not part of Linux, and not built for this kernel.",
        way: "Install \(package): DKMS builds it for each kernel.")
    }
  }

  private static func kernel(_ version: String, _ host: HostDetection) -> CapabilityCheck {
    func answer(
      _ verdict: CapabilityCheck.Verdict, _ sentence: String, _ fix: WayOut? = nil
    ) -> CapabilityCheck {
      CapabilityCheck(
        name: "kernel", kind: .version, verdict: verdict, sentence: sentence, way: fix)
    }
    guard let release = host.release.value?.text else {
      return answer(
        .unknown, "Which kernel this is cannot be told; \(version) is needed.",
        "Mount /proc, or name the folder of the system with --root.")
    }
    return KernelVersion.precedes(release, version)
      ? answer(
        .needsKernel, "The kernel is \(release), and \(version) is needed.",
        WayOut(
          words: "Install a newer kernel of the distribution, or build one.",
          recipe: "pawl plan kernel-rebuild"))
      : answer(.have, "The kernel is \(release), \(version) or newer.")
  }
}
