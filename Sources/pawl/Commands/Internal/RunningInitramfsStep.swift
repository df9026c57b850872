import ArgumentParser
import PawlHost
import PawlModel

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
        .takeBack(from, with: tool)
    }
    // A loader that keeps copies of its own gets them anew.
    try BootLoaders.require(root: .live, files: host).addKernel(release, with: tool)
  }
}
