import Glibc
import PawlModel

/// Takes a host's health: the same way before a restart and after it, so that the two compare.
public struct HealthReader {
  private let root: HostRoot
  private let tool: ToolOutput?

  /// - Parameter tool: runs `systemctl` or `rc-status` of this machine; without it the failed units
  ///   are not known.
  public init(root: HostRoot, tool: ToolOutput?) {
    self.root = root
    self.tool = tool
  }

  public func read() -> HealthState {
    let mounts = root.text("/proc/self/mountinfo").value.map { MountTable(mountinfo: $0) }
    return HealthState(
      failedUnits: FailedUnits(root: root, tool: tool).names,
      mounts: mounts.map { RealMounts.points($0) } ?? [], rootIsWritable: rootIsWritable(mounts),
      defaultRoutes: DefaultRoutes.devices(root: root),
      modules: (LoadedModule.list(root: root).value ?? []).map(\.name).sorted(),
      wantedModules: WantedModules.names(root: root),
      dkmsModules: DKMSModules.installed(root: root), taint: taint)
  }

  /// Modules inside the image of a kernel (`modules.builtin`); nil where that is not known.
  public static func builtInModules(release: String, root: HostRoot) -> Set<String>? {
    for folder in ["/lib/modules", "/usr/lib/modules"] {
      if let bytes = root.read("\(folder)/\(release)/modules.builtin").value {
        return Set(bytes.lines().map { ModuleName.ofPath($0) })
      }
    }
    return nil
  }

  private var taint: UInt64? { root.line("/proc/sys/kernel/tainted").value.flatMap { UInt64($0) } }

  /// Both are asked: an ext4 that stopped writing after a fault (`emergency_ro`, since 6.15) still
  /// has the flags of a writable one.
  private func rootIsWritable(_ mounts: MountTable?) -> Bool {
    if let mount = mounts?.mount(holding: "/") {
      let options = mount.superOptions.split(separator: ",")
      if mount.isReadOnly || options.contains("emergency_ro") { return false }
    }
    var found = statvfs()
    guard statvfs(root.path("/"), &found) == 0 else { return false }
    return found.f_flag & readOnlyFlag == 0
  }
}

/// `ST_RDONLY` of statvfs(3).
private let readOnlyFlag: UInt = 1
