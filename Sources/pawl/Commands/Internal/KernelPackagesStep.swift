import ArgumentParser
import PawlHost
import PawlModel

extension KernelPackages.Format: ExpressibleByArgument {}

struct KernelPackagesStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "kernel-packages")
  @Option var work: String
  @Option var release: String
  @Option var format: KernelPackages.Format

  func run() throws {
    try KernelPackages(work: work, release: release, format: format)
      .gather(asking: InternalCommand.output(LiveHost()))
  }
}
