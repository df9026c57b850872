import ArgumentParser
import Foundation
import PawlHost
import PawlModel

/// Steps of the shipped recipes that Pawl performs in a process of its own, as the step's own
/// user. Frozen into plans: their arguments keep their meaning for good.
struct InternalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "internal", abstract: "What plans run; not for people.", shouldDisplay: false,
    subcommands: [
      WorkspaceStep.self, SourceStep.self, UnpackConfigStep.self, KernelReleaseStep.self,
      SpaceStep.self,
      StageKernelStep.self, KernelHooksStep.self, BootMenuStep.self, BootEntriesStep.self,
      StagedKernelStep.self, PackageHoldStep.self, PrebootStep.self,
      ModuleExistsStep.self, ModuleUnloadStep.self, DKMSStep.self, DKMSCarryStep.self,
      StageHeadersStep.self, PassthroughStep.self, EarlyInitramfsStep.self,
      RunningInitramfsStep.self, WSLStep.self,
      KernelPackagesStep.self, InstallPackagesStep.self,
    ])

  /// Programs that a step's own process runs share its environment and identity.
  static func tool(_ host: LiveHost) -> Tool {
    Tool(
      processes: host, identity: LiveHost.ownIdentity(),
      environment: ProcessInfo.processInfo.environment,
      spool: "\(FileManager.default.temporaryDirectory.path)/pawl-\(getpid())-\(UUID().uuidString)")
  }
}

extension InternalCommand {
  /// Programs that are only asked something.
  static func output(_ host: LiveHost) -> ToolOutput {
    ToolOutput(
      processes: host, identity: LiveHost.ownIdentity(),
      environment: ProcessInfo.processInfo.environment,
      spool: "\(FileManager.default.temporaryDirectory.path)/pawl-output-\(UUID().uuidString)")
  }
}

struct WorkspaceStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "workspace")
  @Option var at: String

  func run() throws { try BuildWorkspace(path: at).make(with: LiveHost()) }
}

struct SourceStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "source")
  @Option var from: String
  @Option var into: String

  func run() throws {
    let host = LiveHost()
    let tree = SourceTree(host: host, tool: InternalCommand.tool(host))
    try tree.fetch(try SourceTree.Origin(from), into: into)
    try tree.list(into, at: into + ".manifest")
  }
}

struct UnpackConfigStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "unpack-config")
  @Option var from: String
  @Option var to: String

  func run() throws { try PackedConfig(path: from).unpack(to: to, with: LiveHost()) }
}

struct KernelReleaseStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "kernel-release")
  @Option var source: String
  @Option var build: String
  @Option var root: String
  @Option var release: String

  func run() throws {
    try KernelReleaseCheck(source: source, build: build, root: root, release: release)
      .check(with: InternalCommand.tool(LiveHost()))
  }
}

struct SpaceStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "space")
  @Option var source: String
  @Option var build: String
  @Option var root: String
  @Option var headers = "no"

  func run() throws {
    let config = try String(contentsOfFile: build + "/.config", encoding: .utf8)
    let forecast = SpaceForecast(
      config: config, work: build, root: root, sourceIsThere: true, headers: headers == "yes")
    forecast.lines(on: LiveHost()).forEach { print($0) }
    try forecast.check(on: LiveHost())
  }
}

struct StageKernelStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "stage-kernel")
  @Option var build: String
  @Option var image: String
  @Option var stage: String
  @Option var release: String

  func run() throws {
    try KernelStage(build: build, image: image, stage: stage, release: release).fill()
  }
}

struct StageHeadersStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "stage-headers")
  @Option var source: String
  @Option var build: String
  @Option var image: String
  @Option var stage: String
  @Option var release: String

  func run() throws {
    try HeadersStage(source: source, build: build, image: image, stage: stage, release: release)
      .fill()
  }
}

struct KernelHooksStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "kernel-hooks")
  @Flag var check = false
  @Flag var remove = false
  @Option var root: String
  @Option var release: String

  func run() throws {
    let host = LiveHost()
    let additions = KernelAdditions(root: root, release: release, files: host)
    if check {
      guard additions.areDone else { throw ExitCode(1) }
    } else if remove {
      try additions.unmake(with: InternalCommand.tool(host))
    } else {
      try additions.make(with: InternalCommand.tool(host))
    }
  }
}

struct BootMenuStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "boot-menu")
  @Flag var check = false
  @Flag var remove = false
  @Option var root: String
  @Option var release: String

  func run() throws {
    let host = LiveHost()
    let menu = BootMenu(root: root, release: release, running: host.runningRelease(), files: host)
    if check {
      guard menu.namesRelease else { throw ExitCode(1) }
    } else if remove {
      try menu.remove(with: InternalCommand.tool(host))
    } else {
      try menu.add(with: InternalCommand.tool(host))
    }
  }
}
