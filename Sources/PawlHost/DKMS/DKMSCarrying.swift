import PawlModel

/// The modules that DKMS installed for one kernel, built and installed for another: a host that comes up
/// under a new kernel without its graphics driver, or the file system of its data, was not well served.
public struct DKMSCarrying {
  private let root: HostRoot
  private let kernel: DKMSKernel
  private let tool: Tool
  private let files: any HostFiles
  private let information: ToolOutput
  private let needsSignatures: Bool

  /// - Parameters:
  ///   - kernel: the new one, whose modules and headers are there.
  ///   - needsSignatures: that it loads nothing without a signature.
  public init(
    root: HostRoot, kernel: DKMSKernel, tool: Tool, files: any HostFiles,
    information: ToolOutput, needsSignatures: Bool
  ) {
    self.root = root
    self.kernel = kernel
    self.tool = tool
    self.files = files
    self.information = information
    self.needsSignatures = needsSignatures
  }

  /// May be repeated; what is whole already is left. Throws at the first that cannot be built, and why.
  public func build(_ modules: [DKMSModule]) throws {
    for module in modules {
      let target = target(module)
      if let found = try? verification(target).check() {
        print("\(module.title) is there: \(found.joined(separator: "; "))")
        continue
      }
      try DKMSRequirements(target).check()
      try DKMSBuild(target, tool: tool).run()
      try DKMSInstall(target, tool: tool).run()
    }
    try verify(modules).forEach { print($0) }
  }

  /// What was found of each module's files, in words. Throws at the first that is not as it has to be.
  public func verify(_ modules: [DKMSModule]) throws -> [String] {
    try modules.flatMap { try verification(target($0)).check() }
  }

  /// Also of what was built in part; the distribution's own hook may have removed it already.
  public func remove(_ modules: [DKMSModule]) throws {
    for module in modules.reversed() {
      let target = target(module)
      if target.installed == module { try DKMSInstall(target, tool: tool).restore(nil) }
      try DKMSBuild(target, tool: tool).clear()
    }
  }

  private func target(_ module: DKMSModule) -> DKMSTarget {
    DKMSTarget(root: root, module: module, kernel: kernel)
  }

  private func verification(_ target: DKMSTarget) -> DKMSVerification {
    DKMSVerification(
      target, files: files, information: information, needsSignatures: needsSignatures)
  }
}
