/// Something that was seen and speaks for or against an answer.
public struct Evidence: Sendable, Equatable, Codable {
  /// Where it was seen: a path, or `environment`.
  public let source: String
  /// What was seen there.
  public let finding: String
}

/// Whether a system runs in a container, where the kernel belongs to somebody else.
///
/// WSL is not a container here, although systemd counts it as one; see `WSLDetection`.
public struct ContainerDetection: Sendable, Equatable {
  public enum Answer: Sendable, Equatable {
    case yes
    case no
    /// It cannot be told; the reason.
    case unknown(String)
  }

  public let answer: Answer
  /// `docker`, `podman`, `lxc`, `systemd-nspawn`, `kubernetes`, …; nil outside a container or where
  /// nothing names it.
  public let kind: String?
  /// Process 1 may load modules (`CAP_SYS_MODULE`): a privileged container, whose modules would be the
  /// host's. nil outside a container and where it is not known.
  public let isPrivileged: Bool?
  public let evidence: [Evidence]

  /// Looks for the marks that container engines leave. The environment counts only for the live
  /// root.
  public static func detect(
    root: HostRoot, environment: [String: String] = [:]
  ) -> ContainerDetection {
    var search = Search(root: root)
    search.lookAtFiles()
    let environ = search.lookAtEnvironment(of: environment)
    search.lookAtRootMount()
    if !search.evidence.isEmpty {
      return ContainerDetection(
        answer: .yes, kind: search.kind, isPrivileged: mayLoadModules(root: root),
        evidence: search.evidence)
    }
    return search.negative(environ: environ)
  }

  /// Bit 16 of the effective capabilities. (capabilities(7), proc_pid_status(5))
  private static func mayLoadModules(root: HostRoot) -> Bool? {
    let lines = root.text("/proc/1/status").value?.split(separator: "\n") ?? []
    let words = lines.first { $0.hasPrefix("CapEff:") }?.words() ?? []
    guard words.count == 2, let capabilities = UInt64(words[1], radix: 16) else { return nil }
    return capabilities & 1 << 16 != 0
  }

  private struct Search {
    let root: HostRoot
    var evidence: [Evidence] = []
    var kind: String?

    mutating func found(_ source: String, _ finding: String, _ kind: String?) {
      evidence.append(Evidence(source: source, finding: finding))
      if self.kind == nil { self.kind = kind }
    }

    mutating func lookAtFiles() {
      if root.exists("/run/.containerenv") {
        let text = root.text("/run/.containerenv").value ?? ""
        let engine = text.split(separator: "\n").first { $0.hasPrefix("engine=") }
        found("/run/.containerenv", engine.map(String.init) ?? "it is there", "podman")
      }
      for path in ["/run/systemd/container", "/run/host/container-manager"] {
        if let name = root.line(path).value, !name.isEmpty, name != "wsl" {
          found(path, name, name)
        }
      }
      if root.exists("/.dockerenv") { found("/.dockerenv", "it is there", "docker") }
      for (path, name) in [("/dev/lxd/sock", "lxc"), ("/dev/incus/sock", "lxc")]
      where root.exists(path) {
        found(path, "it is there", name)
      }
      if root.exists("/proc/vz"), root.kind("/proc/bc") == .absent {
        found("/proc/vz", "it is there, and /proc/bc is not", "openvz")
      }
    }

    /// The environment of process 1, and of this process where it asks about its own machine.
    mutating func lookAtEnvironment(of own: [String: String]) -> Reading<[UInt8]> {
      let environ = root.read("/proc/1/environ")
      let variables = (environ.value ?? []).split(separator: 0).map {
        String(decoding: $0, as: UTF8.self)
      }
      if let variable = variables.first(where: { $0.hasPrefix("container=") }) {
        let name = String(variable.dropFirst("container=".count))
        if name != "wsl", !name.isEmpty { found("/proc/1/environ", variable, name) }
      }
      let mark = "KUBERNETES_SERVICE_HOST"
      if variables.contains(where: { $0.hasPrefix(mark + "=") }) {
        found("/proc/1/environ", "\(mark) is set", "kubernetes")
      } else if root.isLive, own[mark] != nil {
        found("environment", "\(mark) is set", "kubernetes")
      }
      return environ
    }

    /// An overlay made by a container engine as `/`: the one mark that containerd leaves.
    mutating func lookAtRootMount() {
      let path = "/proc/1/mountinfo"
      guard let text = root.text(path).value ?? root.text("/proc/self/mountinfo").value,
        let mount = MountTable(mountinfo: text).mount(holding: "/"), mount.type == "overlay"
      else { return }
      let engines = [
        ("/docker/", "docker"), ("io.containerd", "containerd"), ("/containers/storage/", "podman"),
        ("/buildkit/", "docker"),
      ]
      for (mark, name) in engines where mount.superOptions.contains(mark) {
        found(path, "/ is an overlay of \(name)", name)
        return
      }
    }

    /// No mark was found. That proves something only where the host shows itself.
    func negative(environ: Reading<[UInt8]>) -> ContainerDetection {
      if root.line("/proc/2/comm").value == "kthreadd" {
        return no("/proc/2/comm", "kthreadd: process numbers are those of the kernel itself")
      }
      if root.exists("/run/systemd/system") {
        return no("/run/systemd/system", "systemd runs and has noted no container")
      }
      let release = "/proc/sys/kernel/osrelease"
      if root.line(release).value?.hasSuffix("-Microsoft") == true {
        return no(release, "WSL 1 has no kernel that could run containers")
      }
      let reason: String
      if !root.exists("/proc/1") {
        reason =
          "there is no mark of a container, and no /proc of this system to prove the contrary"
      } else if let why = environ.reason {
        reason = "there is no mark of a container, but /proc/1/environ: \(why)"
      } else {
        reason =
          "there is no mark of a container, but the kernel's own threads are not in sight either"
      }
      return ContainerDetection(
        answer: .unknown(reason), kind: nil, isPrivileged: nil, evidence: [])
    }

    private func no(_ source: String, _ finding: String) -> ContainerDetection {
      ContainerDetection(
        answer: .no, kind: nil, isPrivileged: nil,
        evidence: [Evidence(source: source, finding: finding)])
    }
  }
}
