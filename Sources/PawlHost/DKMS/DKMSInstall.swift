import PawlModel

/// Installs what DKMS built into a kernel's folder, and takes that back.
public struct DKMSInstall {
  private let target: DKMSTarget
  private let tool: Tool

  private var root: HostRoot { target.root }
  private var module: DKMSModule { target.module }
  private var kernel: DKMSKernel { target.kernel }

  public init(_ target: DKMSTarget, tool: Tool) {
    self.target = target
    self.tool = tool
  }

  /// May be repeated. DKMS leaves alone what it has installed once, be it torn since: that goes first.
  public func run() throws {
    if target.installed == module {
      try tool.run(DKMSTarget.command("uninstall", module, for: kernel))
    }
    // Without --force it would leave an older module of the kernel's own in its place, and end well.
    try tool.run(DKMSTarget.command("install", module, for: kernel, "--force"))
    try requireInstalled(module)
  }

  /// After the files of before were put back.
  /// - Parameter previous: the version that the kernel had then; nil where it had none.
  public func restore(_ previous: String?) throws {
    if let previous, previous != module.version {
      let before = DKMSModule(name: module.name, version: previous)
      try tool.run(DKMSTarget.command("install", before, for: kernel, "--force"))
      return try requireInstalled(before)
    }
    if previous == nil, target.installed == module {
      try tool.run(DKMSTarget.command("uninstall", module, for: kernel))
      guard target.installed == nil else {
        throw PawlError(
          .stepFailed, "dkms uninstall ended well, and DKMS still counts it as installed.",
          hint: "Look at it: dkms status \(module.name)")
      }
    }
    try tool.run(["depmod", "-a", kernel.release])
  }

  private func requireInstalled(_ wanted: DKMSModule) throws {
    guard target.installed == wanted else {
      throw PawlError(
        .stepFailed,
        "dkms install ended well, and DKMS does not count \(wanted.title) as "
          + "installed for \(kernel.release).",
        hint: "Look at it: dkms status \(wanted.name)")
    }
  }
}
