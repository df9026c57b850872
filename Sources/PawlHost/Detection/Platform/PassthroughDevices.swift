import Glibc
import PawlModel

/// Devices that are to go to guests: whether they can, and which drivers would take them otherwise.
public struct PassthroughDevices: Sendable, Equatable {
  public let devices: [IOMMUGroup.Device]
  /// Modules whose aliases match one of the devices, or that have one now; sorted.
  public let rivals: [String]

  init(devices: [IOMMUGroup.Device], rivals: [String]) {
    (self.devices, self.rivals) = (devices, rivals)
  }

  /// Throws `refused` with what is in the way.
  /// - Parameter addresses: as sysfs names them, `0000:01:00.0`.
  public init(_ addresses: [String], on host: HostDetection) throws(PawlError) {
    let groups = try Self.groups(of: host)
    var found: [IOMMUGroup.Device] = []
    for address in addresses {
      let device = groups.lazy.flatMap(\.devices).first { $0.address == address }
      guard let device else {
        throw PawlError(
          .refused, "There is no device \(address) in any IOMMU group.",
          hint: "pawl detect lists the groups with their devices.")
      }
      found.append(device)
    }
    devices = found
    rivals = try Self.rivals(of: found, host)
    try refuseSplitGroups(groups)
    try refuseSameKind(groups)
    try refuseInUse(host.root)
  }

  /// As vfio-pci's parameter `ids` takes them: `10de:2204,10de:2206`.
  public var ids: String {
    var seen: Set<String> = []
    return devices.compactMap(Self.id).filter { seen.insert($0).inserted }.joined(separator: ",")
  }

  /// vfio-pci, told to take the devices before any driver that would.
  public var module: EarlyModule { EarlyModule(name: "vfio-pci", modprobeText: modprobeText) }

  /// (modprobe.d(5): softdep; kernel: drivers/vfio/pci/vfio_pci.c, ids)
  var modprobeText: String {
    let title = "# Pawl: for guests, \(devices.map(\.address).joined(separator: " "))"
    let lines = [title, "options vfio-pci ids=\(ids)"]
    return (lines + rivals.map { "softdep \($0) pre: vfio-pci" }).map { $0 + "\n" }.joined()
  }

  /// Throws `stepFailed` where one of the devices is not vfio-pci's now.
  public static func requireBound(_ addresses: [String], root: HostRoot) throws(PawlError) {
    for address in addresses {
      let link = root.linkTarget("/sys/bus/pci/devices/\(address)/driver")
      let driver = link?.split(separator: "/").last.map(String.init)
      guard driver != "vfio-pci" else { continue }
      throw PawlError(
        .stepFailed,
        "\(address) \(driver.map { "is \($0)'s" } ?? "has no driver"), and was to be vfio-pci's.",
        hint: "Was vfio-pci loaded, and before \(driver ?? "any other driver")? journalctl -k -b")
    }
  }

  // MARK: - What is in the way

  private static func groups(of host: HostDetection) throws(PawlError) -> [IOMMUGroup] {
    let obstacles = Passthrough.detect(
      groups: host.iommu, commandLine: KernelCommandLine.read(root: host.root).value,
      modules: host.modules
    ).obstacles
    guard let obstacles, let groups = host.iommu.value else {
      throw PawlError(
        .refused,
        "The IOMMU groups are not known: \(host.iommu.reason ?? "this kernel has none").",
        hint: "Passthrough needs an IOMMU; is it switched on in the firmware?")
    }
    guard let first = obstacles.first else { return groups }
    throw PawlError(
      .refused, first,
      hint: obstacles.dropFirst().first ?? "Mend that, then plan again: pawl detect shows it.")
  }

  /// What is in one group can reach each other's memory: it goes to guests together, or not at all.
  private func refuseSplitGroups(_ groups: [IOMMUGroup]) throws(PawlError) {
    let wanted = Set(devices.map(\.address))
    for group in groups where !wanted.isDisjoint(with: group.together) {
      let left = group.together.filter { !wanted.contains($0) }
      guard !left.isEmpty else { continue }
      throw PawlError(
        .refused,
        "IOMMU group \(group.group) holds \(HostText.list(left)) as well, and goes to a guest whole.",
        hint: "Name them too, or put the card into another slot.")
    }
  }

  /// vfio-pci is told which kinds it takes, not which devices.
  private func refuseSameKind(_ groups: [IOMMUGroup]) throws(PawlError) {
    let (wanted, kinds) = (Set(devices.map(\.address)), Set(devices.compactMap(Self.id)))
    let twin = groups.lazy.flatMap(\.devices).first {
      !wanted.contains($0.address) && Self.id($0).map(kinds.contains) == true
    }
    guard let twin, let id = Self.id(twin) else { return }
    throw PawlError(
      .refused,
      "\(twin.address) is of the same kind (\(id)): vfio-pci would take it as well, since it is told "
        + "kinds and not devices.",
      hint: "Name it too, or bind the one device by its driver_override, by hand.")
  }

  /// A disk that the system runs from is nothing to give away.
  private func refuseInUse(_ root: HostRoot) throws(PawlError) {
    let mounted = MountTable(mountinfo: root.text("/proc/self/mountinfo").value ?? "").mounts
      .map(\.source)
    for disk in root.list("/sys/block").value ?? [] {
      guard let place = root.linkTarget("/sys/block/\(disk)"),
        let device = devices.first(where: { place.contains("/\($0.address)/") }),
        let source = mounted.first(where: { $0.hasPrefix("/dev/\(disk)") })
      else { continue }
      throw PawlError(
        .refused, "\(source), which is mounted, hangs on \(device.address).",
        hint: "Under vfio-pci this system would not find it any more.")
    }
  }

  private static func id(_ device: IOMMUGroup.Device) -> String? {
    guard let vendor = device.vendor, let kind = device.device else { return nil }
    return [vendor, kind].map { $0.hasPrefix("0x") ? String($0.dropFirst(2)) : $0 }
      .joined(separator: ":")
  }

  // MARK: - Rivals

  private static func rivals(
    of devices: [IOMMUGroup.Device], _ host: HostDetection
  ) throws(PawlError) -> [String] {
    let root = host.root
    let aliases = aliases(host)
    var found: Set<String> = []
    for device in devices {
      if let driver = device.driver, driver != "vfio-pci" {
        let link = root.linkTarget("/sys/bus/pci/drivers/\(driver)/module")
        found.insert(link?.split(separator: "/").last.map(String.init) ?? driver)
      }
      guard let alias = root.line("/sys/bus/pci/devices/\(device.address)/modalias").value else {
        continue
      }
      found.formUnion(aliases.filter { fnmatch($0.pattern, alias, 0) == 0 }.map(\.module))
    }
    found.subtract(["vfio_pci", "vfio-pci"])
    for name in found where host.modules.state(name) == .builtin {
      throw PawlError(
        .refused,
        "\(name) is part of this kernel, and takes its device before any module is loaded.",
        hint: "A kernel that has it as a module can: pawl plan kernel-rebuild --set options=…=m")
    }
    return found.map(ModuleName.normalize).sorted()
  }

  private static func aliases(_ host: HostDetection) -> [(pattern: String, module: String)] {
    guard let folder = host.modules.folder else { return [] }
    let text = host.root.text("\(folder)/modules.alias").value ?? ""
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] == "alias", words[1].hasPrefix("pci:") else { return nil }
      return (String(words[1]), String(words[2]))
    }
  }
}
