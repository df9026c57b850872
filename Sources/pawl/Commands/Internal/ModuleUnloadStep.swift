import ArgumentParser
import PawlHost

/// Undoes what a file of modules-load.d did at this boot; the file itself is put back by its backup.
struct ModuleUnloadStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "module-unload")
  @Option var module: String
  /// `yes`: it was there when the plan was made, and is somebody else's.
  @Option var loadedBefore: String

  func run() throws {
    guard loadedBefore == "no" else { return }
    try ModuleUnload(root: .live, tool: InternalCommand.tool(LiveHost())).act(module)
  }
}
