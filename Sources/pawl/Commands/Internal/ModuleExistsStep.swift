import ArgumentParser
import PawlHost

/// Whether the kernel below a root has a module that could be loaded.
struct ModuleExistsStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "module-exists")
  @Option var module: String
  @Option var root: String

  func run() throws {
    print(try ModuleExistence.require(module, host: HostDetection(root: HostRoot(path: root))))
  }
}
