import ArgumentParser
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
    try PrivateFolder.with { folder in
      try EarlyInitramfs(root: .live, release: release, module: module, folder: folder)
        .make(image, with: InternalCommand.tool(host), files: host)
    }
  }
}
