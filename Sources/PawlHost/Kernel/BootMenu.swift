import PawlModel

/// An installed kernel in the menu of the boot loader, where it is not tried first: in GRUB's, which is
/// made as a whole, the newest is started by itself; in others it is there to be chosen.
public struct BootMenu {
  private let root: String
  private let release: String
  private let running: String
  private let files: any HostFiles

  public init(root: String, release: String, running: String, files: any HostFiles) {
    self.root = root
    self.release = release
    self.running = running
    self.files = files
  }

  private var isLive: Bool { root == "/" }

  /// True below another root, whose menu is not written.
  public var namesRelease: Bool {
    guard isLive else { return true }
    let loader = BootLoaders.detect(root: .live, files: files)
    return (try? loader?.distributionEntry(of: release)) != nil
  }

  /// Where the menu is made as a whole, its bytes of before are put back instead.
  public func remove(with tool: Tool) throws {
    guard isLive else { return }
    try BootLoaders.require(root: .live, files: files).removeKernel(release, with: tool)
  }

  public func add(with tool: Tool) throws {
    guard isLive else {
      return print("The boot menu of another root is not written by this host's tools.")
    }
    let loader = try BootLoaders.require(root: .live, files: files)
    try NewKernelObstacles(root: .live).require(release)
    try loader.addKernel(release, with: tool)
    for wanted in [release, running] where try loader.distributionEntry(of: wanted) == nil {
      throw PawlError(
        .stepFailed, "The menu of \(loader.name) has no entry for \(wanted).",
        hint: "Is \(KernelLayout.image(of: wanted)) there?")
    }
    let chosen = try loader.plainChoice()?.title ?? "nothing"
    print("The boot menu names \(release) and \(running); by itself it starts: \(chosen)")
  }
}
