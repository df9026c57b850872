import PawlHost
import PawlModel

/// What the recipes want to know of a host that have a module loaded before all others: `vfio`, and
/// `module-early`.
struct EarlyFacts {
  private let module: EarlyModule
  private let early: EarlyLoading
  private let maker: InitramfsTool
  private let release: String
  private let initramfs: String
  private let copies: String
  private let feature: InitramfsFeature?
  private var rivals: [String] = []

  /// Devices for guests, by vfio-pci. Throws `refused` where they cannot be handed over.
  init(
    devices: String, release: String, loader: (any BootLoader)?, detection: HostDetection
  ) throws(PawlError) {
    let found = try PassthroughDevices(
      devices.split(separator: ",").map(String.init), on: detection)
    try self.init(module: found.module, release: release, loader: loader, detection: detection)
    rivals = found.rivals
  }

  /// Throws `refused` where nothing would load it in time.
  init(
    module: EarlyModule, release: String, loader: (any BootLoader)?, detection: HostDetection
  ) throws(PawlError) {
    let tool = detection.initramfs.value
    guard let maker = tool, let early = maker.early else {
      throw EarlyInitramfs.unknown(module, tool?.name)
    }
    try maker.requireEarlyLoading(of: module, below: detection.root)
    try RunningInitramfs.requireKeepable(of: release, by: loader, below: detection.root)
    feature = try maker.feature(for: module, release: release, below: detection.root)
    (self.module, self.early, self.maker, self.release) = (module, early, maker, release)
    copies = loader?.copiesFolder ?? "/boot/pawl"
    initramfs = KernelLayout.presentInitramfs(of: release, below: detection.root)
  }

  var values: [String: String] {
    let (kind, file, text) =
      switch early {
      case .line(let path): ("line", path, "")
      case .file(let path, let text): ("file", path, text)
      }
    return [
      "early_modprobe": module.modprobeText, "early_modprobe_file": module.modprobeFile,
      "early_rivals": HostText.list(rivals), "early_image": "\(copies)/early-\(release).img",
      "early_initramfs": initramfs, "early_kind": kind,
      "early_file": file.replacing("MODULE", with: module.name),
      "early_text": text.replacing("MODULE", with: module.name),
      "early_feature": feature?.path ?? "", "early_feature_modules": feature?.modules ?? "",
      "early_feature_files": feature?.files ?? "",
      "early_feature_file": feature?.configuration ?? "", "early_feature_line": feature?.line ?? "",
      "initramfs_maker": maker.name.rawValue,
    ]
  }
}
