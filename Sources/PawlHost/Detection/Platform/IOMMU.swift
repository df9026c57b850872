/// The IOMMU groups of a machine: what can be handed to a guest together.
public struct IOMMUGroup: Sendable, Equatable, Codable {
  /// A device of a group.
  public struct Device: Sendable, Equatable, Codable {
    /// The name in sysfs; for PCI `0000:01:00.0`.
    public let address: String
    /// PCI identity as sysfs writes it (`0x10de`); nil for devices that have none.
    @OrNull public private(set) var vendor: String?
    @OrNull public private(set) var device: String?
    /// PCI class (`0x030000` is a VGA controller).
    @OrNull public private(set) var deviceClass: String?
    /// The driver bound to it; nil without one.
    @OrNull public private(set) var driver: String?

    /// PCI to PCI (class 0604).
    var isBridge: Bool { deviceClass?.hasPrefix("0x0604") == true }

    enum CodingKeys: String, CodingKey {
      case address, vendor, device
      case deviceClass = "class"
      case driver
    }
  }

  /// The group's number.
  public let group: Int
  /// `DMA`, `DMA-FQ`, `identity` or `blocked` (kernel: sysfs-kernel-iommu_groups); nil where the
  /// kernel does not say.
  public let type: String?
  public let devices: [Device]

  /// Addresses of the devices that go to a guest together or not at all: all but bridges, which
  /// belong to no driver.
  public var together: [String] { devices.filter { !$0.isBridge }.map(\.address) }

  enum CodingKeys: String, CodingKey { case group, type, devices }

  private enum ShownKeys: String, CodingKey { case group, type, devices, together }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: ShownKeys.self)
    try container.encode(group, forKey: .group)
    try container.encode(type, forKey: .type)
    try container.encode(devices, forKey: .devices)
    try container.encode(together, forKey: .together)
  }

  /// Reads `/sys/kernel/iommu_groups` below `root`, groups in the order of their numbers.
  ///
  /// An empty list means that the kernel has the folder and no group: no IOMMU, or it is off
  /// (`intel_iommu=on`).
  public static func list(root: HostRoot) -> Reading<[IOMMUGroup]> {
    let folder = "/sys/kernel/iommu_groups"
    switch root.list(folder) {
    case .absent: return .absent
    case .unreadable(let reason): return .unreadable("\(folder): \(reason)")
    case .present(let names):
      var groups: [IOMMUGroup] = []
      for number in names.compactMap(Int.init).sorted() {
        switch root.list("\(folder)/\(number)/devices") {
        case .absent: groups.append(group(number, devices: [], root))
        case .unreadable(let reason):
          return .unreadable("\(folder)/\(number)/devices: \(reason)")
        case .present(let addresses):
          let devices = addresses.map { device($0, at: "\(folder)/\(number)/devices/\($0)", root) }
          groups.append(group(number, devices: devices, root))
        }
      }
      return .present(groups)
    }
  }

  private static func group(_ number: Int, devices: [Device], _ root: HostRoot) -> IOMMUGroup {
    IOMMUGroup(
      group: number, type: root.line("/sys/kernel/iommu_groups/\(number)/type").value,
      devices: devices)
  }

  private static func device(_ address: String, at place: String, _ root: HostRoot) -> Device {
    let driver = root.linkTarget("\(place)/driver")?.split(separator: "/").last.map(String.init)
    return Device(
      address: address, vendor: root.line("\(place)/vendor").value,
      device: root.line("\(place)/device").value, deviceClass: root.line("\(place)/class").value,
      driver: driver)
  }
}
