import ArgumentParser
import Foundation
import PawlHost
import PawlModel

/// An initramfs in which a module comes first, beside the one in use.
struct EarlyInitramfsStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "early-initramfs")
  @Option var module: String
  @Option(help: "Of the module, as they stand in modprobe.d.") var options = ""
  @Option var release: String
  @Option(help: "Where it is put.") var image: String

  func run() throws {
    try Self.make(EarlyModule(name: module, options: options), of: release, at: image)
  }

  static func make(_ module: EarlyModule, of release: String, at image: String) throws {
    let host = LiveHost()
    let folder = "\(FileManager.default.temporaryDirectory.path)/pawl-early-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try EarlyInitramfs(root: .live, release: release, module: module, folder: folder)
      .make(image, with: InternalCommand.tool(host), files: host)
  }
}

/// The initramfs of the running kernel's own entry.
struct RunningInitramfsStep: ParsableCommand {
  enum Part: String, ExpressibleByArgument, CaseIterable {
    /// It becomes, byte for byte, one that was tried.
    case adopt
    /// It becomes what it was before it was adopted; where it was made anew since, it is once more, by then
    /// without the module.
    case release
  }

  static let configuration = CommandConfiguration(commandName: "running-initramfs")
  @Argument var part: Part
  @Option var release: String
  @Option(help: "The one that was tried.") var from = ""

  func run() throws {
    let host = LiveHost()
    let tool = InternalCommand.tool(host)
    let place = KernelLayout.presentInitramfs(of: release, below: .live)
    switch part {
    case .adopt: try KernelInitramfs.adopt(from, at: place, root: .live, files: host)
    case .release:
      try KernelInitramfs(root: .live, release: release, place: place, files: host)
        .release(from, with: tool)
    }
    // A loader that keeps copies of its own gets them anew.
    try BootLoaders.require(root: .live, files: host).addKernel(release, with: tool)
  }
}
