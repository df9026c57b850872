import ArgumentParser
import PawlHost

/// Whether a folder holds a whole kernel that was built elsewhere.
struct StagedKernelStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "staged-kernel")
  @Option var stage: String
  @Option var release: String
  @Option var root = "/"

  func run() throws {
    let host = LiveHost()
    let kernel = StagedKernel(stage: stage)
    try kernel.require(release)
    try kernel.requireSpace(
      below: HostRoot(path: root), running: host.runningRelease(), facts: host)
  }
}
