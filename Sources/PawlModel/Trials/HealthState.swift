/// How a running host is doing, as far as that can be compared between two boots. Lists are sorted.
/// nil: this host cannot tell, which is no finding by itself.
public struct HealthState: Codable, Sendable, Hashable {
  /// `systemctl list-units --failed`, or the crashed services of OpenRC.
  public var failedUnits: [String]?
  /// Mount points of real file systems, swap left out.
  public var mounts: [String]
  public var rootIsWritable: Bool
  /// Devices that a default route leads through, IPv4 and IPv6.
  public var defaultRoutes: [String]
  /// As /proc/modules names them.
  public var modules: [String]
  /// `/lib/modules-load.d` and the like: what this host asks for at every boot, with underscores.
  public var wantedModules: [String]
  /// Modules that DKMS has installed for the running kernel.
  public var dkmsModules: [String]?
  /// `/proc/sys/kernel/tainted`.
  public var taint: UInt64?

  public init(
    failedUnits: [String]?, mounts: [String], rootIsWritable: Bool, defaultRoutes: [String],
    modules: [String], wantedModules: [String], dkmsModules: [String]?, taint: UInt64?
  ) {
    self.failedUnits = failedUnits
    self.mounts = mounts
    self.rootIsWritable = rootIsWritable
    self.defaultRoutes = defaultRoutes
    self.modules = modules
    self.wantedModules = wantedModules
    self.dkmsModules = dkmsModules
    self.taint = taint
  }
}
