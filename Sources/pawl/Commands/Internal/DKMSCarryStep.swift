import ArgumentParser
import PawlHost
import PawlModel

/// The modules that DKMS has for the running kernel, for the new one.
struct DKMSCarryStep: ParsableCommand {
  enum Part: String, ExpressibleByArgument, CaseIterable {
    case build, verify, remove
  }

  static let configuration = CommandConfiguration(commandName: "dkms-carry")
  @Argument var part: Part
  @Option var kernel: String
  @Option(help: "NAME/VERSION, as often as there are modules.") var module: [String]

  func run() throws {
    let modules = try module.map(Self.module)
    let carrying = carrying()
    switch part {
    case .build: try carrying.build(modules)
    case .verify: try carrying.verify(modules).forEach { print($0) }
    case .remove: try carrying.remove(modules)
    }
  }

  private func carrying() -> DKMSCarrying {
    let config = KernelConfig.read("/boot/config-\(kernel)", root: .live).value
    let security = HostDetection(root: .live).security
    return DKMSCarrying(
      root: .live, kernel: .ofThisMachine(kernel), tool: InternalCommand.tool(LiveHost()),
      files: LiveHost(), information: InternalCommand.output(LiveHost()),
      needsSignatures: security.moduleSignatures.value == .required
        || config?.state("MODULE_SIG_FORCE") == .y)
  }

  private static func module(_ text: String) throws(PawlError) -> DKMSModule {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw PawlError(.usage, "\"\(text)\" is no module of DKMS.", hint: "Write NAME/VERSION.")
    }
    return DKMSModule(name: parts[0], version: parts[1])
  }
}
