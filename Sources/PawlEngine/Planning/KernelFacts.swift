import PawlHost
import PawlModel

/// What the recipes that install a kernel want to know of the distribution, and of what the running kernel
/// has from DKMS.
struct KernelFacts {
  let detection: HostDetection
  let isLive: Bool
  let running: String
  let parameters: [String: String]

  private var family: DistributionFamily {
    detection.identity.operatingSystem.value?.family ?? .unknown
  }

  /// Below a root of a system that is not known, nothing is made; the naming is Debian's then.
  var values: [String: String] {
    let layout = KernelLayout.of(family) ?? .debian
    return [
      "package_format": format?.rawValue ?? "", "package_target": (format ?? .deb).target,
      "makepkg_options": KernelPackages.Format.makepkgOptions(on: builder),
      "initramfs_prefix": layout.initramfsPrefix, "initramfs_suffix": layout.initramfsSuffix,
      "initramfs_maker": maker(layout.making),
      "dkms_carried": HostText.list(drivers.map(\.title)),
      "kernel_headers": drivers.isEmpty && parameters["headers"] != "yes" ? "no" : "yes",
    ]
  }

  /// What packages are made for, where a recipe makes any.
  var format: KernelPackages.Format? {
    parameters["format"].flatMap(KernelPackages.Format.init(rawValue:)) ?? .of(builder)
  }

  var lists: [String: [String]] {
    ["dkms_carried_modules": drivers.flatMap { ["--module", $0.title] }]
  }

  /// What is built is for the host that builds it, where nobody says otherwise.
  private var builder: DistributionFamily {
    isLive ? family : OperatingSystem.detect(root: .live).value?.family ?? .unknown
  }

  private func maker(_ making: KernelLayout.Making) -> String {
    switch making {
    case .hooks: "the distribution's own hooks, one by one"
    case .tool: detection.initramfs.value?.name.rawValue ?? "the distribution's own program"
    }
  }

  // MARK: - Drivers of DKMS

  private var drivers: [DKMSModule] {
    guard isLive, parameters["dkms"] == "yes" else { return [] }
    return detection.dkms.value?.installed(for: running) ?? []
  }

  /// Throws `refused` where a kernel that was built elsewhere has no headers for them.
  func requireHeaders(of release: String, stage: String) throws(PawlError) {
    let headers = HeadersStage.folder(of: release)
    guard !drivers.isEmpty, !HostRoot(path: stage).exists("\(headers)/Makefile") else { return }
    throw PawlError(
      .refused,
      "\(running) has \(HostText.list(drivers.map(\.title))) from DKMS, and \(stage) has no headers to "
        + "build that for \(release) with.",
      hint:
        "Put them at \(stage)\(headers), as kernel-rebuild does with --set headers=yes; or, to do "
        + "without: --set dkms=no")
  }
}
