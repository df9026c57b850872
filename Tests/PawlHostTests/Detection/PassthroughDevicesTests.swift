import Foundation
import PawlModel
import Testing

@testable import PawlHost

@Suite("Devices go to guests whole groups at a time, or it is said what is in the way")
struct PassthroughDevicesTests {
  private let ground: LoaderGround
  private let gpu = "0000:01:00.0"
  private let audio = "0000:01:00.1"

  init() throws {
    ground = try LoaderGround()
    try ground.lay("/proc/cmdline", "ro intel_iommu=on\n")
    try ground.lay("/proc/modules", "")
    let folder = "/lib/modules/\(LoaderGround.running)"
    try ground.lay("\(folder)/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko:\n")
    try ground.lay("\(folder)/modules.builtin", "")
    try ground.lay(
      "\(folder)/modules.alias",
      """
      # Aliases extracted from modules themselves.
      alias pci:v000010DEd*sv*sd*bc03sc*i* nouveau
      alias pci:v000010DEd*sv*sd*bc03sc00i00* nvidia
      alias pci:v*d*sv*sd*bc04sc03i00* snd_hda_intel
      alias pci:v*d*sv*sd*bc0Csc03i30* xhci_pci
      alias usb:v10DE* other

      """)
    try lay(gpu, group: 13, "10de", "2204", kind: "030000", driver: "nouveau")
    try lay(audio, group: 13, "10de", "1aef", kind: "040300", driver: "snd_hda_intel")
    try lay("0000:00:01.0", group: 13, "8086", "1901", kind: "060400", driver: "pcieport")
    try lay("0000:00:1f.2", group: 14, "8086", "a102", kind: "010601", driver: "ahci")
  }

  private func lay(
    _ address: String, group: Int, _ vendor: String, _ device: String, kind: String, driver: String
  ) throws {
    let place = "/sys/bus/pci/devices/\(address)"
    try ground.lay("\(place)/vendor", "0x\(vendor)\n")
    try ground.lay("\(place)/device", "0x\(device)\n")
    try ground.lay("\(place)/class", "0x\(kind)\n")
    let numbers = "v0000\(vendor.uppercased())d0000\(device.uppercased())sv00001462sd00003881"
    // sysfs writes its digits in capitals.
    let digits = kind.uppercased()
    let (base, sub, interface) = (digits.prefix(2), digits.dropFirst(2).prefix(2), digits.suffix(2))
    try ground.lay(
      "\(place)/modalias", "pci:\(numbers)bc\(base)sc\(sub)i\(interface)\n")
    try link("/sys/bus/pci/drivers/\(driver)", at: "\(place)/driver")
    try link(place, at: "/sys/kernel/iommu_groups/\(group)/devices/\(address)")
  }

  private func link(_ target: String, at path: String) throws {
    let place = ground.root.path(path)
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: target)
  }

  private func devices(_ addresses: String...) throws -> PassthroughDevices {
    try PassthroughDevices(addresses, on: HostDetection(root: ground.root))
  }

  private func refusal(_ addresses: String...) -> String? {
    let error = #expect(throws: PawlError.self) {
      try PassthroughDevices(addresses, on: HostDetection(root: ground.root))
    }
    return error?.message
  }

  @Test("they are named by their kinds, and every driver that would take them comes after vfio-pci")
  func modprobe() throws {
    let found = try devices(gpu, audio)
    #expect(
      found.modprobeText == """
        # Pawl: for guests, 0000:01:00.0 0000:01:00.1
        options vfio-pci ids=10de:2204,10de:1aef
        softdep nouveau pre: vfio-pci
        softdep nvidia pre: vfio-pci
        softdep snd_hda_intel pre: vfio-pci

        """)
  }

  @Test("half of a group is refused, and the other half named; a bridge belongs to nobody")
  func splitGroup() throws {
    #expect(
      refusal(gpu) == "IOMMU group 13 holds 0000:01:00.1 as well, and goes to a guest whole.")
  }

  @Test("a second card of the same kind is not taken along unasked")
  func twins() throws {
    try lay("0000:02:00.0", group: 15, "10de", "2204", kind: "030000", driver: "nvidia")
    #expect(
      refusal(gpu, audio)?.hasPrefix("0000:02:00.0 is of the same kind (10de:2204)") == true)
    #expect(try devices(gpu, audio, "0000:02:00.0").ids == "10de:2204,10de:1aef")
  }

  @Test("the disk that the system runs from is not given away")
  func disk() throws {
    try link("../devices/pci0000:00/0000:00:1f.2/ata1/host0/block/sda", at: "/sys/block/sda")
    try ground.lay("/proc/self/mountinfo", mountLine(1, "/", type: "ext4"))
    #expect(refusal("0000:00:1f.2") == "/dev/sda1, which is mounted, hangs on 0000:00:1f.2.")
  }

  @Test("a driver inside the kernel is told: no module can come before it")
  func builtIn() throws {
    try ground.lay(
      "/lib/modules/\(LoaderGround.running)/modules.builtin",
      "kernel/drivers/gpu/drm/nouveau/nouveau.ko\n")
    #expect(refusal(gpu, audio)?.hasPrefix("nouveau is part of this kernel") == true)
  }

  @Test("no IOMMU, an unknown device, no vfio-pci: each in words")
  func obstacles() throws {
    #expect(refusal("0000:09:00.0") == "There is no device 0000:09:00.0 in any IOMMU group.")
    try ground.lay("/lib/modules/\(LoaderGround.running)/modules.dep", "")
    #expect(refusal(gpu, audio) == "This kernel has no module vfio-pci.")
    try ground.remove("/sys/kernel/iommu_groups")
    #expect(refusal(gpu)?.hasPrefix("The IOMMU groups are not known") == true)
  }

  @Test("after the restart each device is looked at, and who has it is named")
  func bound() throws {
    let fault = #expect(throws: PawlError.self) {
      try PassthroughDevices.requireBound([gpu, audio], root: ground.root)
    }
    #expect(fault?.message == "0000:01:00.0 is nouveau's, and was to be vfio-pci's.")
    for address in [gpu, audio] {
      try ground.remove("/sys/bus/pci/devices/\(address)/driver")
      try link("/sys/bus/pci/drivers/vfio-pci", at: "/sys/bus/pci/devices/\(address)/driver")
    }
    try PassthroughDevices.requireBound([gpu, audio], root: ground.root)
  }
}
