import PawlModel

/// Installs what DKMS built into a kernel's folder, and takes that back.
public struct DKMSInstall {
  private let root: HostRoot
  private let module: DKMSModule
  private let kernel: DKMSKernel
  private let tool: Tool

  public init(root: HostRoot, module: DKMSModule, kernel: DKMSKernel, tool: Tool) {
    self.root = root
    self.module = module
    self.kernel = kernel
    self.tool = tool
  }

  /// May be repeated. DKMS leaves alone what it has installed once, be it torn since: that goes first.
  public func run() throws {
    if DKMSModule.installed(module.name, for: kernel, root: root) == module {
      try dkms("uninstall", module)
    }
    // Without --force it would leave an older module of the kernel's own in its place, and end well.
    try dkms("install", module, "--force")
    try requireInstalled(module)
  }

  /// After the files of before were put back.
  /// - Parameter previous: the version that the kernel had then; nil where it had none.
  public func restore(_ previous: String?) throws {
    if let previous, previous != module.version {
      let before = DKMSModule(name: module.name, version: previous)
      try dkms("install", before, "--force")
      return try requireInstalled(before)
    }
    if previous == nil, DKMSModule.installed(module.name, for: kernel, root: root) == module {
      try dkms("uninstall", module)
      guard DKMSModule.installed(module.name, for: kernel, root: root) == nil else {
        throw PawlError(
          .stepFailed, "dkms uninstall ended well, and DKMS still counts it as installed.",
          hint: "Look at it: dkms status \(module.name)")
      }
    }
    try tool.run(["depmod", "-a", kernel.release])
  }

  private func dkms(_ verb: String, _ module: DKMSModule, _ options: String...) throws {
    try tool.run(
      ["dkms", verb, "-m", module.name, "-v", module.version, "-k", kernel.release] + options)
  }

  private func requireInstalled(_ wanted: DKMSModule) throws {
    guard DKMSModule.installed(wanted.name, for: kernel, root: root) == wanted else {
      throw PawlError(
        .stepFailed,
        "dkms install ended well, and DKMS does not count \(wanted.name)/\(wanted.version) as "
          + "installed for \(kernel.release).",
        hint: "Look at it: dkms status \(wanted.name)")
    }
  }
}
