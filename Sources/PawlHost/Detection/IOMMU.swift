/// The IOMMU groups of a machine: what can be handed to a guest together.
public struct IOMMUGroup: Sendable, Equatable, Codable {
  /// A device of a group.
  public struct Device: Sendable, Equatable, Codable {
    /// The name in sysfs; for PCI `0000:01:00.0`.
    public let address: String
    /// PCI identity as sysfs writes it (`0x10de`); nil for devices that have none.
    public let vendor: String?
    public let device: String?
    /// PCI class (`0x030000` is a VGA controller).
    public let deviceClass: String?
    /// The driver bound to it; nil without one.
    public let driver: String?

    enum CodingKeys: String, CodingKey {
      case address, vendor, device
      case deviceClass = "class"
      case driver
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(address, forKey: .address)
      try container.encode(vendor, forKey: .vendor)
      try container.encode(device, forKey: .device)
      try container.encode(deviceClass, forKey: .deviceClass)
      try container.encode(driver, forKey: .driver)
    }
  }

  /// The group's number.
  public let group: Int
  public let devices: [Device]

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
        case .absent: groups.append(IOMMUGroup(group: number, devices: []))
        case .unreadable(let reason):
          return .unreadable("\(folder)/\(number)/devices: \(reason)")
        case .present(let addresses):
          let devices = addresses.map { device($0, at: "\(folder)/\(number)/devices/\($0)", root) }
          groups.append(IOMMUGroup(group: number, devices: devices))
        }
      }
      return .present(groups)
    }
  }

  private static func device(_ address: String, at place: String, _ root: HostRoot) -> Device {
    let driver = root.linkTarget("\(place)/driver")?.split(separator: "/").last.map(String.init)
    return Device(
      address: address, vendor: root.line("\(place)/vendor").value,
      device: root.line("\(place)/device").value, deviceClass: root.line("\(place)/class").value,
      driver: driver)
  }
}
