/// A reason for which a kernel calls itself tainted: one bit of `/proc/sys/kernel/tainted`
/// (Documentation/admin-guide/tainted-kernels.rst).
public enum TaintFlag: UInt64, Codable, Sendable, Hashable, CaseIterable {
  case proprietaryModule = 0
  case forcedLoad, outOfSpecification, forcedUnload, machineCheck, badPage, userRequest, died
  case acpiTableOverridden, warning, stagingDriver, firmwareWorkaround, outOfTreeModule
  case unsignedModule, softLockup, livePatched, auxiliary, randomizedLayout, inKernelTest

  /// Those of a mask, lowest first, and how many of its bits have no name here.
  public static func flags(of mask: UInt64) -> (known: [TaintFlag], unknown: Int) {
    let known = allCases.filter { mask & $0.mask != 0 }
    return (known, mask.nonzeroBitCount - known.count)
  }

  public var mask: UInt64 { 1 << rawValue }

  /// The kernel that runs has been harmed or has harmed: it must not be promoted.
  public var isFailure: Bool {
    switch self {
    case .machineCheck, .died, .softLockup: true
    case .proprietaryModule, .forcedLoad, .outOfSpecification, .forcedUnload, .badPage,
      .userRequest, .acpiTableOverridden, .warning, .stagingDriver, .firmwareWorkaround,
      .outOfTreeModule, .unsignedModule, .livePatched, .auxiliary, .randomizedLayout,
      .inKernelTest:
      false
    }
  }

  /// As the kernel's own table has it.
  public var name: String {
    switch self {
    case .proprietaryModule: "proprietary module was loaded"
    case .forcedLoad: "module was force loaded"
    case .outOfSpecification: "kernel running on an out of specification system"
    case .forcedUnload: "module was force unloaded"
    case .machineCheck: "processor reported a Machine Check Exception (MCE)"
    case .badPage: "bad page referenced or some unexpected page flags"
    case .userRequest: "taint requested by userspace application"
    case .died: "kernel died recently, i.e. there was an OOPS or BUG"
    case .acpiTableOverridden: "ACPI table overridden by user"
    case .warning: "kernel issued warning"
    case .stagingDriver: "staging driver was loaded"
    case .firmwareWorkaround: "workaround for bug in platform firmware applied"
    case .outOfTreeModule: "externally-built (\"out-of-tree\") module was loaded"
    case .unsignedModule: "unsigned module was loaded"
    case .softLockup: "soft lockup occurred"
    case .livePatched: "kernel has been live patched"
    case .auxiliary: "auxiliary taint, defined for and used by distros"
    case .randomizedLayout: "kernel was built with the struct randomization plugin"
    case .inKernelTest: "an in-kernel test has been run"
    }
  }
}
