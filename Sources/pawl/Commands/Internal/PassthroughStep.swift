import ArgumentParser
import PawlHost
import PawlModel

/// Devices for guests: looked at, and put into an initramfs beside the one in use.
struct PassthroughStep: ParsableCommand {
  enum Part: String, ExpressibleByArgument, CaseIterable {
    /// Whether they can go to guests.
    case ready
    /// An initramfs in which vfio-pci takes them.
    case initramfs
    /// Whether vfio-pci has them now.
    case bound
  }

  static let configuration = CommandConfiguration(commandName: "passthrough")
  @Argument var part: Part
  @Option var devices: String
  @Option var release = ""
  @Option(help: "Where the initramfs is put.") var image = ""

  private var addresses: [String] { devices.split(separator: ",").map(String.init) }

  func run() throws {
    switch part {
    case .ready:
      let found = try PassthroughDevices(addresses, on: HostDetection(root: .live))
      print("vfio-pci will take \(found.ids), before \(HostText.list(found.rivals)).")
    case .initramfs:
      try EarlyInitramfsStep.make(
        PassthroughDevices(addresses, on: HostDetection(root: .live)).module, of: release, at: image
      )
    case .bound:
      try PassthroughDevices.requireBound(addresses, root: .live)
      print("vfio-pci has \(HostText.list(addresses)).")
    }
  }
}
