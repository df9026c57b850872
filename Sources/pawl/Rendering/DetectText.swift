import PawlHost

/// What a host is, in lines. "Could not be read" never looks like "no".
enum DetectText {
  static func lines(_ report: DetectionReport) -> [String] {
    let kernel = report.kernel
    var lines = [
      row("Host", host(report)),
      row("Kernel", "\(kernel.version)  (\(kernel.versionSource))"),
      row("Config", config(kernel)),
      row("Modules", modules(kernel)),
      row("IOMMU", iommu(kernel)),
    ]
    lines += (kernel.passthroughObstacles ?? []).map { row("", $0) }
    lines += [
      row("Container", container(report.container)),
      row("WSL", wsl(report.wsl)),
      row("Boot", boot(report.boot)),
      row("Security", security(report.security)),
      row("Initramfs", report.tools.initramfs ?? "no tool that Pawl knows"),
      row("DKMS", dkms(report.tools)),
    ]
    if let kind = report.immutable.kind, let instead = report.immutable.instead {
      lines.append(row("Immutable", "\(kind): Pawl does not change it. \(instead)"))
    }
    lines += kernel.moduleNotes.map { row("Note", $0) }
    for (name, check) in kernel.moduleCheck.sorted(by: { $0.key < $1.key }) {
      lines.append(row("Module", "\(name): \(check.state)" + symbol(check)))
      lines += check.blocks.map { row("", "blocked by \($0.file):\($0.line): \($0.text)") }
    }
    return lines
  }

  private static func row(_ name: String, _ text: String) -> String {
    PlanText.pad(name, to: 11) + text
  }

  private static func host(_ report: DetectionReport) -> String {
    let system = report.host.operatingSystem
    let name = system.prettyName ?? "unknown system (\(system.reason ?? "no reason given"))"
    let below = report.host.root == "/" ? "" : ", below \(report.host.root)"
    return
      "\(report.host.name ?? "without a name") (\(name), family \(system.family.rawValue)\(below))"
  }

  private static func config(_ kernel: DetectionReport.Kernel) -> String {
    guard let path = kernel.configPath else {
      return "could not be read: \(kernel.configReason ?? "no reason given")"
    }
    let doubt = kernel.configMatchesVersion == false || kernel.configMayBeAnotherKernel
    return path + (doubt ? "  (may be of another kernel)" : "")
  }

  private static func modules(_ kernel: DetectionReport.Kernel) -> String {
    kernel.loadedModulesReason.map { "loaded ones could not be read: \($0)" }
      ?? "\(kernel.loadedModules.count) loaded"
  }

  private static func iommu(_ kernel: DetectionReport.Kernel) -> String {
    guard let groups = kernel.iommuGroups else {
      return "could not be read: \(kernel.iommuReason ?? "no reason given")"
    }
    return groups.isEmpty ? "no groups: off, or none here" : "\(groups.count) groups"
  }

  private static func container(_ container: DetectionReport.Container) -> String {
    switch container.inContainer {
    case true?:
      "yes (\(container.kind ?? "kind unknown")): the kernel belongs to the host outside"
    case false?: "no"
    case nil: "cannot be told: \(container.reason ?? "no reason given")"
    }
  }

  private static func wsl(_ wsl: DetectionReport.WSL) -> String {
    switch wsl.detected {
    case true?:
      "yes, version \(wsl.version.map(String.init) ?? "unknown")" + windows(wsl.windows)
    case false?: "no"
    case nil: "cannot be told: \(wsl.reason ?? "no reason given")"
    }
  }

  private static func windows(_ windows: DetectionReport.Windows?) -> String {
    guard let windows else { return "" }
    let drives = windows.drives.map { "\($0.letter): at \($0.mountPoint)" }
    let interop =
      switch windows.interop {
      case true?: "Windows programs can be started"
      case false?: "Windows programs cannot be started"
      case nil: "whether Windows programs can be started is not known"
      }
    return "; " + (drives + [interop]).joined(separator: ", ")
  }

  private static func boot(_ boot: DetectionReport.Boot) -> String {
    guard let loader = boot.loader else { return "no loader: \(boot.reason ?? "no reason given")" }
    let once =
      switch boot.oneShot {
      case true?: "can start a kernel once"
      case false?: "cannot start a kernel once: " + boot.oneShotReasons.joined(separator: " ")
      case nil: "a start once is not known: " + boot.oneShotReasons.joined(separator: " ")
      }
    return "\(loader), started by \(boot.firmware ?? "an unknown firmware"); \(once)"
  }

  private static func security(_ security: DetectionReport.Security) -> String {
    func told(_ value: String?, _ reason: String?) -> String {
      value ?? "not known (\(reason ?? "no reason given"))"
    }
    return "Secure Boot \(told(security.secureBoot, security.secureBootReason)), lockdown "
      + "\(told(security.lockdown, security.lockdownReason)), module signatures "
      + told(security.moduleSignatures, security.moduleSignaturesReason)
  }

  private static func dkms(_ tools: DetectionReport.Tools) -> String {
    guard let modules = tools.dkms else {
      return tools.dkmsReason == "not there"
        ? "never used" : "could not be read: \(tools.dkmsReason ?? "no reason given")"
    }
    if modules.isEmpty { return "no modules" }
    return modules.map { entry in
      "\(entry.module)/\(entry.version) \(entry.state.rawValue)"
        + (entry.release.map { " for \($0)" } ?? "")
    }.joined(separator: ", ")
  }

  private static func symbol(_ check: DetectionReport.ModuleCheck) -> String {
    guard let symbol = check.symbol else { return "" }
    return "  (\(symbol)=\(check.configState ?? "unknown"))"
  }
}
