import PawlHost
import PawlModel

/// What the recipe `vfio` wants to know of a host.
struct PassthroughFacts {
  private let devices: PassthroughDevices
  private let early: EarlyLoading
  private let maker: InitramfsTool
  private let release: String
  private let initramfs: String
  private let copies: String

  static func areWanted(by parameters: [String: String]) -> Bool { parameters["devices"] != nil }

  /// Throws `refused` where the devices cannot be handed over, or nothing would bind them in time.
  /// - Parameter copies: a folder that the boot loader reads; nil where none is known.
  init(
    parameters: [String: String], release: String, copies: String?, detection: HostDetection
  ) throws(PawlError) {
    let addresses = (parameters["devices"] ?? "").split(separator: ",").map(String.init)
    devices = try PassthroughDevices(addresses, on: detection)
    guard let maker = detection.initramfs.value, PassthroughInitramfs.isKnown(maker.name),
      let early = maker.early
    else {
      let name = detection.initramfs.value?.name.rawValue
      throw PawlError(
        .refused,
        "How an initramfs in which vfio-pci comes first is tried beside the present one is not known to "
          + "Pawl\(name.map { " with \($0)" } ?? "").",
        hint: "Pawl knows initramfs-tools and dracut.")
    }
    (self.maker, self.early, self.release) = (maker, early, release)
    self.copies = copies ?? "/boot/pawl"
    initramfs = KernelLayout.presentInitramfs(of: release, below: detection.root)
  }

  var values: [String: String] {
    var values = [
      "vfio_modprobe": devices.modprobeText, "vfio_rivals": HostText.list(devices.rivals),
      "vfio_image": "\(copies)/vfio-\(release).img", "vfio_initramfs": initramfs,
      "initramfs_maker": maker.name.rawValue,
    ]
    switch early {
    case .line(let path):
      values.merge(["early_kind": "line", "early_file": path, "early_text": ""]) { $1 }
    case .file(let path, let text):
      values["early_kind"] = "file"
      values["early_file"] = path.replacing("MODULE", with: "vfio-pci")
      values["early_text"] = text.replacing("MODULE", with: "vfio-pci")
    }
    return values
  }
}
