/// What keeps this host from handing a device to a guest.
public struct Passthrough: Sendable, Equatable {
  /// Sentences; empty where nothing speaks against it, nil where it is not known.
  public let obstacles: [String]?

  static func detect(
    groups: Reading<[IOMMUGroup]>, commandLine: KernelCommandLine?, modules: ModuleIndex
  ) -> Passthrough {
    guard let groups = groups.value else { return Passthrough(obstacles: nil) }
    var obstacles: [String] = []
    if groups.isEmpty { obstacles.append(noGroups(commandLine)) }
    switch modules.state("vfio_pci") {
    case .missing: obstacles.append("This kernel has no module vfio-pci.")
    case .loaded, .builtin, .available, .unknown: break
    }
    obstacles += modules.blocks("vfio_pci").filter(\.stopsModprobe).map {
      "Module vfio-pci is blocked by line \($0.line) of \($0.file)."
    }
    return Passthrough(obstacles: obstacles)
  }

  private static func noGroups(_ commandLine: KernelCommandLine?) -> String {
    let switches = ["intel_iommu", "amd_iommu", "iommu"]
    let off = switches.first { commandLine?.values($0).contains("off") == true }
    if let off {
      return "The IOMMU is switched off: \(off)=off stands on the kernel command line."
    }
    let asked = commandLine?.values("intel_iommu").contains { $0.hasPrefix("on") } == true
    return asked
      ? "There is no IOMMU group, though intel_iommu=on is set: switch VT-d on in the firmware."
      : "There is no IOMMU group: switch VT-d or AMD-Vi on in the firmware, and on Intel add "
        + "intel_iommu=on to the kernel command line."
  }
}
