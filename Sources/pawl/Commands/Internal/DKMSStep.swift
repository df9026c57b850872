import ArgumentParser
import Foundation
import PawlHost
import PawlModel

/// One part of building a module with DKMS and installing it, or of taking that back.
struct DKMSStep: ParsableCommand {
  enum Part: String, ExpressibleByArgument, CaseIterable {
    /// Whether it can be built at all.
    case check
    case register
    case forget
    case build
    /// After the files of before were put back.
    case clear
    case install
    /// After the files of before were put back.
    case restore
    case verify
    /// Whether the firmware knows the key that it is signed with.
    case enrolled
  }

  static let configuration = CommandConfiguration(commandName: "dkms")
  @Argument var part: Part
  @Option var module: String
  @Option var version: String
  @Option var kernel: String
  @Option(help: "What was installed before; nothing where none was.") var previous = ""

  func run() throws {
    let target = DKMSTarget(
      root: .live, module: DKMSModule(name: module, version: version),
      kernel: .ofThisMachine(kernel))
    let tool = InternalCommand.tool(LiveHost())
    let build = DKMSBuild(target, tool: tool)
    let install = DKMSInstall(target, tool: tool)
    switch part {
    case .check: try DKMSRequirements(target).check()
    case .register: try build.register()
    case .forget: try build.forget()
    case .build: try build.run()
    case .clear: try build.clearUnfinished()
    case .install: try install.run()
    case .restore: try install.restore(previous.isEmpty ? nil : previous)
    case .verify: try verify(target)
    case .enrolled: try ModuleSigningKey.ofDKMS(root: .live).requireEnrolled()
    }
  }

  private func verify(_ target: DKMSTarget) throws {
    let host = HostDetection(root: .live)
    let verification = DKMSVerification(
      target, files: LiveHost(),
      information: InternalCommand.output(LiveHost()),
      needsSignatures: host.security.moduleSignatures.value == .required)
    try verification.check().forEach { print($0) }
  }
}
