import ArgumentParser
import PawlHost

/// Keeps the package manager from removing a package, or lets it again.
struct PackageHoldStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "package-hold")
  @Option var package: String
  @Flag var release = false
  @Flag var check = false

  func run() throws {
    let packages = KernelPackage(root: .live, tool: InternalCommand.tool(LiveHost()))
    if check {
      guard packages.isHeld(package) != release else { throw ExitCode(1) }
    } else {
      try packages.setHeld(!release, package)
    }
  }
}
