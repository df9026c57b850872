/// Compares a host before a restart with the same host under the new kernel. What either side
/// cannot tell (nil) is no finding.
public struct HealthComparison: Sendable {
  public let before: HealthState
  public let after: HealthState
  /// Modules that the recipe demands.
  let demanded: Set<String>
  /// Modules inside the new kernel's image.
  let builtIn: Set<String>
  /// Modules inside the old kernel's image; nil where that is not known.
  let builtInBefore: Set<String>?

  /// Names of modules may have dashes or underscores.
  /// - Parameter builtInBefore: with it, a module that the host asks for at boot and had not before
  ///   either is no failure of the new kernel; without it (nil) it is.
  public init(
    before: HealthState, after: HealthState, demanded: some Sequence<String> = [],
    builtIn: some Sequence<String>, builtInBefore: Set<String>? = nil
  ) {
    self.before = before
    self.after = after
    self.demanded = Self.names(demanded)
    self.builtIn = Self.names(builtIn)
    self.builtInBefore = builtInBefore.map { Self.names($0) }
  }

  /// Failures first.
  public var findings: [HealthFinding] {
    let all = root + mounts + routes + units + missingModules + dkms + taint
    return all.filter { $0.severity == .failure } + all.filter { $0.severity == .difference }
  }

  /// With underscores, as the kernel writes them.
  static func names(_ names: some Sequence<String>) -> Set<String> {
    Set(names.map(ModuleSpelling.underscored))
  }
}

/// How a module's name is written for comparing.
enum ModuleSpelling {
  static func underscored(_ name: String) -> String {
    String(name.map { $0 == "-" ? "_" : $0 })
  }
}

// MARK: - The system

extension HealthComparison {
  private var root: [HealthFinding] {
    guard !after.rootIsWritable else { return [] }
    return [
      HealthFinding(
        .failure, .root,
        before.rootIsWritable
          ? "The root file system is read-only and was writable before."
          : "The root file system is read-only, as it was before.")
    ]
  }

  private var mounts: [HealthFinding] {
    Set(before.mounts).subtracting(after.mounts).sorted().map {
      HealthFinding(.failure, .mount, "\(HostText.line($0)) is not mounted and was before.")
    }
  }

  private var routes: [HealthFinding] {
    let old = Set(before.defaultRoutes)
    let lost = old.subtracting(after.defaultRoutes).sorted()
    guard !lost.isEmpty else { return [] }
    let through = HostText.list(lost)
    guard let now = after.defaultRoutes.first else {
      return [
        HealthFinding(
          .failure, .route,
          "There is no default route; before it led through \(through). The host cannot be reached "
            + "from outside its own network.")
      ]
    }
    let all =
      after.defaultRoutes.count > 1 ? HostText.list(after.defaultRoutes) : HostText.line(now)
    return [
      HealthFinding(
        .difference, .route,
        "The default route leads through \(all) and no longer through \(through).")
    ]
  }

  private var units: [HealthFinding] {
    guard let old = before.failedUnits, let new = after.failedUnits else { return [] }
    let failed = Set(new).subtracting(old).sorted()
    guard !failed.isEmpty else { return [] }
    let subject = failed.count == 1 ? "1 service has" : "\(failed.count) services have"
    return [
      HealthFinding(
        .failure, .unit, "\(subject) failed that had not before: \(HostText.list(failed)).")
    ]
  }

  private var taint: [HealthFinding] {
    guard let old = before.taint, let new = after.taint else { return [] }
    let (known, unknown) = TaintFlag.flags(of: new & ~old)
    var findings = known.map { flag in
      HealthFinding(
        flag.isFailure ? .failure : .difference, .taint,
        "The kernel says of itself: \(flag.name) (taint bit \(flag.rawValue)).")
    }
    if unknown > 0 {
      findings.append(
        HealthFinding(
          .difference, .taint, "The kernel has \(unknown) new taint bits that Pawl has no name for."
        ))
    }
    return findings
  }
}

// MARK: - Modules

extension HealthComparison {
  private var missingModules: [HealthFinding] {
    let present = Self.names(after.modules).union(builtIn)
    let wanted = Self.names(after.wantedModules)
    let loaded = Self.names(before.modules)
    let missing = demanded.union(wanted).union(loaded).subtracting(present).sorted()
    return missing.map { module in
      let name = HostText.line(module, limit: 80)
      if demanded.contains(module) {
        return HealthFinding(
          .failure, .module, "The module \(name), which this plan is for, is not loaded.")
      }
      guard wanted.contains(module) else {
        return HealthFinding(
          .difference, .module, "The module \(name) was loaded before and is not now.")
      }
      guard wasMissing(module) else {
        return HealthFinding(
          .failure, .module,
          "The module \(name), which this host asks for at every boot, is not loaded.")
      }
      return HealthFinding(
        .difference, .module,
        "The module \(name), which this host asks for at every boot, is not loaded; it was not "
          + "before either.")
    }
  }

  private func wasMissing(_ module: String) -> Bool {
    guard let builtInBefore else { return false }
    return Self.names(before.wantedModules).contains(module) && !builtInBefore.contains(module)
      && !Self.names(before.modules).contains(module)
  }

  private var dkms: [HealthFinding] {
    guard let old = before.dkmsModules, let new = after.dkmsModules else { return [] }
    let needed = Self.names(before.modules).union(Self.names(before.wantedModules))
      .union(Self.names(after.wantedModules)).union(demanded)
    let lost = Self.names(old).subtracting(Self.names(new)).subtracting(builtIn).sorted()
    return lost.map { module in
      let name = HostText.line(module, limit: 80)
      return needed.contains(module)
        ? HealthFinding(
          .failure, .dkms, "DKMS has not installed \(name) for the new kernel, and it was in use.")
        : HealthFinding(
          .difference, .dkms,
          "DKMS has not installed \(name) for the new kernel; it was not in use before.")
    }
  }
}
