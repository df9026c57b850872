/// A module that is built with DKMS for one kernel, of the system below a root.
public struct DKMSTarget: Sendable {
  public let root: HostRoot
  public let module: DKMSModule
  public let kernel: DKMSKernel

  public init(root: HostRoot, module: DKMSModule, kernel: DKMSKernel) {
    self.root = root
    self.module = module
    self.kernel = kernel
  }

  /// As DKMS writes it: `nvidia/535.183.01`.
  var title: String { module.title }

  /// What DKMS made of it for the kernel: `log/` and `module/`.
  var built: String { module.built(for: kernel) }

  /// The version whose modules the kernel has now; nil where it has none.
  public var installed: DKMSModule? {
    DKMSModule.installed(module.name, for: kernel, root: root)
  }

  public var isRegistered: Bool { module.isRegistered(root: root) }

  /// The command line of DKMS for it; root runs it.
  static func command(
    _ verb: String, _ module: DKMSModule, for kernel: DKMSKernel? = nil, _ options: String...
  ) -> [String] {
    ["dkms", verb, "-m", module.name, "-v", module.version]
      + (kernel.map { ["-k", $0.release] } ?? []) + options
  }
}
