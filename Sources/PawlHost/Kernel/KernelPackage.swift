import PawlModel

/// The package that a kernel came with. While another kernel is on trial it must not be removed as
/// no longer needed: the copy of Pawl's own has no modules.
public struct KernelPackage {
  private let root: HostRoot
  private let tool: Tool?

  public init(root: HostRoot, tool: Tool? = nil) {
    self.root = root
    self.tool = tool
  }

  /// By dpkg's own list of files; nil where no package brought the image, or dpkg is not here.
  public func name(of release: String) -> String? {
    ["linux-image-\(release)", "linux-image-unsigned-\(release)"].first { name in
      let list = root.text("/var/lib/dpkg/info/\(name).list").value ?? ""
      return list.split(separator: "\n").contains { $0 == "/boot/vmlinuz-\(release)" }
    }
  }

  public func isHeld(_ name: String) -> Bool {
    DpkgStatus.read(root: root).value?.isHeld(name) == true
  }

  /// Held, or held no longer; read back from dpkg's own record.
  public func setHeld(_ isWanted: Bool, _ name: String) throws {
    try tool?.run(["apt-mark", isWanted ? "hold" : "unhold", name])
    guard isHeld(name) == isWanted else {
      throw PawlError(
        .stepFailed, "dpkg does not record \(name) as \(isWanted ? "held" : "free").",
        hint: "Look at it: apt-mark showhold")
    }
  }
}
