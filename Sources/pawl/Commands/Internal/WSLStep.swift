import ArgumentParser
import Foundation
import PawlHost
import PawlModel

/// What a kernel of WSL takes besides a build.
struct WSLStep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wsl", subcommands: [Config.self, Stage.self, Promote.self])

  /// Begins a build's configuration.
  struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "config")
    @Option var source: String
    @Option var build: String
    @Option var from: String
    @Option var drivers: WSLDrivers
    @Option var root: String

    func run() throws {
      try WSLBuildConfig(
        source: source, build: build, from: from, isBuiltIn: drivers == .builtIn,
        root: HostRoot(path: root)
      ).write(with: LiveHost())
    }
  }

  /// Puts together what is copied to Windows.
  struct Stage: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "stage")
    @Option var build: String
    @Option var image: String
    @Option var stage: String
    @Option var release: String
    @Option var drivers: WSLDrivers

    func run() throws {
      try WSLStage(
        kernel: KernelStage(build: build, image: image, stage: stage, release: release),
        hasModulesDisk: drivers == .disk
      ).fill(with: InternalCommand.tool(LiveHost()))
    }
  }

  /// Names the kernel that was tried in `.wslconfig` for good.
  struct Promote: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "promote")
    @Flag var check = false
    @Option var settings: String
    @Option var folder: String
    @Option var drivers: WSLDrivers

    func run() throws {
      let terms = WSLTerms(
        settings: settings, before: nil, folder: folder, hasModulesDisk: drivers == .disk)
      let promotion = WSLPromotion.live(terms, host: LiveHost())
      if check {
        guard try promotion.isDone() else { throw ExitCode(1) }
      } else {
        try promotion.act()
      }
    }
  }
}

extension WSLDrivers: ExpressibleByArgument {}
