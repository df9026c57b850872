import ArgumentParser
import Foundation
import PawlHost

/// Packages by the distribution's own program, whose command is what follows.
struct InstallPackagesStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "install-packages")
  @Argument(parsing: .captureForPassthrough) var command: [String]

  func run() throws {
    let attempt = ProcessInfo.processInfo.environment["PAWL_ATTEMPT"] ?? ""
    let installation = PackageInstallation(root: .live, attempt: attempt)
    guard try installation.run(command, with: InternalCommand.tool(LiveHost())) else {
      throw ExitCode(1)
    }
  }
}
