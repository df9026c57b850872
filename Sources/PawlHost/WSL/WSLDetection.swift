/// Whether a system runs under the Windows Subsystem for Linux, and under which of the two.
public struct WSLDetection: Sendable, Equatable {
  public enum Answer: Sendable, Equatable {
    case no
    /// No Linux kernel at all: nothing Pawl does applies.
    case wsl1
    case wsl2
    /// It cannot be told; the reason.
    case unknown(String)
  }

  public let answer: Answer
  public let evidence: [Evidence]
  /// The kernel's name is not one of Microsoft's: somebody set `kernel=` in `.wslconfig`.
  public let hasCustomKernel: Bool

  /// 1 or 2; nil outside WSL and where it cannot be told.
  public var version: Int? {
    switch answer {
    case .wsl1: 1
    case .wsl2: 2
    case .no, .unknown: nil
    }
  }

  /// Looks at the release's name, at what WSL leaves in `/proc` and `/run`, and, for the live root,
  /// at the environment (which `sudo` and services lose).
  ///
  /// A release alone can be spoofed or seen from a container on WSL; ask `ContainerDetection` first.
  public static func detect(
    root: HostRoot, environment: [String: String] = [:]
  ) -> WSLDetection {
    var evidence: [Evidence] = []
    let release = root.line("/proc/sys/kernel/osrelease").value ?? ""
    let version = root.line("/proc/version").value ?? ""
    let lower = release.lowercased()
    if lower.contains("microsoft") || lower.contains("wsl") {
      evidence.append(Evidence(source: "/proc/sys/kernel/osrelease", finding: release))
    } else if version.contains("Microsoft@Microsoft.com") || version.contains("microsoft-standard")
    {
      evidence.append(Evidence(source: "/proc/version", finding: version))
    }
    for path in [
      "/proc/sys/fs/binfmt_misc/WSLInterop", "/proc/sys/fs/binfmt_misc/WSLInterop-late", "/run/WSL",
    ] where root.exists(path) {
      evidence.append(Evidence(source: path, finding: "it is there"))
    }
    if root.isLive, let name = environment["WSL_DISTRO_NAME"] {
      evidence.append(Evidence(source: "environment", finding: "WSL_DISTRO_NAME=\(name)"))
    }
    if evidence.isEmpty {
      let known = !release.isEmpty || !version.isEmpty
      return WSLDetection(
        answer: known ? .no : .unknown("there is no /proc of this system"), evidence: [],
        hasCustomKernel: false)
    }
    let isFirst = release.hasPrefix("4.4.") && release.hasSuffix("-Microsoft")
    let isStock = release.hasSuffix("-microsoft-standard-WSL2") || release.hasSuffix("-standard")
    return WSLDetection(
      answer: isFirst ? .wsl1 : .wsl2, evidence: evidence,
      hasCustomKernel: !isFirst && !isStock && !release.isEmpty)
  }
}
