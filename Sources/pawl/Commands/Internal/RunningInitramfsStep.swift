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
    let loader = try BootLoaders.require(root: .live, files: host)
    let own = RunningInitramfs(root: .live, release: release, loader: loader, files: host)
    let tool = InternalCommand.tool(host)
    switch part {
    case .adopt: try own.adopt(from, with: tool)
    case .release: try own.takeBack(from, with: tool)
    }
  }
}
