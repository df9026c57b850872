import ArgumentParser
import Foundation
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
    case .initramfs: try makeInitramfs()
    case .bound:
      try PassthroughDevices.requireBound(addresses, root: .live)
      print("vfio-pci has \(HostText.list(addresses)).")
    }
  }

  private func makeInitramfs() throws {
    let host = LiveHost()
    let folder = "\(FileManager.default.temporaryDirectory.path)/pawl-vfio-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try PassthroughInitramfs(
      root: .live, release: release,
      devices: PassthroughDevices(addresses, on: HostDetection(root: .live)), folder: folder
    ).make(image, with: InternalCommand.tool(host), files: host)
  }
}

/// The initramfs of the running kernel's own entry.
struct RunningInitramfsStep: ParsableCommand {
  enum Part: String, ExpressibleByArgument, CaseIterable {
    /// It becomes, byte for byte, one that was tried.
    case adopt
    /// After its bytes of before were put back.
    case announce
  }

  static let configuration = CommandConfiguration(commandName: "running-initramfs")
  @Argument var part: Part
  @Option var release: String
  @Option(help: "The one that was tried.") var from = ""

  func run() throws {
    let host = LiveHost()
    if part == .adopt {
      let place = KernelLayout.presentInitramfs(of: release, below: .live)
      try KernelInitramfs.adopt(from, at: place, root: .live, files: host)
    }
    // A loader that keeps copies of its own gets them anew.
    try BootLoaders.require(root: .live, files: host)
      .addKernel(release, with: InternalCommand.tool(host))
  }
}
