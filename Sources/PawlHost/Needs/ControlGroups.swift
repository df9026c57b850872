/// Which version of control groups this host has. It is no option of the kernel but a mount, chosen at
/// boot: no symbol tells it. (kernel: admin-guide/cgroup-v2.rst)
public struct ControlGroups: Sendable, Equatable {
  /// 2 where /sys/fs/cgroup is one `cgroup2`, 1 where it holds the old hierarchies.
  public let version: Int

  static let mountPoint = "/sys/fs/cgroup"

  static func detect(root: HostRoot) -> Reading<ControlGroups> {
    switch root.text("/proc/self/mountinfo") {
    case .absent: return .unreadable("/proc/self/mountinfo is not there")
    case .unreadable(let reason): return .unreadable("/proc/self/mountinfo: \(reason)")
    case .present(let text):
      let mounts = MountTable(mountinfo: text).mounts
      if mounts.contains(where: { $0.mountPoint == mountPoint && $0.type == "cgroup2" }) {
        return .present(ControlGroups(version: 2))
      }
      let old = mounts.contains { $0.type == "cgroup" }
      return old ? .present(ControlGroups(version: 1)) : .absent
    }
  }

  static func check(_ found: Reading<ControlGroups>) -> CapabilityCheck {
    func answer(
      _ verdict: CapabilityCheck.Verdict, _ sentence: String, _ fix: WayOut? = nil
    ) -> CapabilityCheck {
      CapabilityCheck(
        name: "cgroups", kind: .mount, verdict: verdict, sentence: sentence, way: fix)
    }
    switch found {
    case .present(let groups):
      return answer(.have, "Control groups of version \(groups.version) are mounted.")
    case .absent:
      return answer(
        .moduleNotLoaded, "No control groups are mounted at \(mountPoint).",
        "systemd mounts them by itself; under OpenRC start the service cgroups.")
    case .unreadable(let reason):
      return answer(
        .unknown, "Whether control groups are mounted cannot be told: \(reason).",
        "Mount /proc, or look at the host itself.")
    }
  }
}
