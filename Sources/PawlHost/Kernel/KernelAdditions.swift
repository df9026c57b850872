import PawlModel

/// What a distribution makes for a kernel once its files are there: the initramfs above all, by its hooks
/// or by its own program. Another root's programs are not run on this host: they are named.
public struct KernelAdditions {
  private let root: String
  private let release: String
  private let layout: KernelLayout?
  private let files: any HostFiles

  public init(root: String, release: String, files: any HostFiles) {
    self.root = root
    self.release = release
    self.files = files
    layout = KernelLayout.of(HostRoot(path: root))
  }

  private var isLive: Bool { root == "/" }

  public func make(with tool: Tool) throws {
    guard let layout else {
      guard !isLive else { throw Self.unknown }
      return print("What \(root) makes for a kernel is not known to Pawl.")
    }
    switch layout.making {
    case .hooks(let folder, _):
      try KernelHooks(root: root, release: release, folder: folder)
        .run(with: tool, requiring: layout.initramfs(of: release))
    case .tool:
      guard isLive else {
        return print("The initramfs is not made below another root by this host's programs.")
      }
      try KernelInitramfs(
        root: .live, release: release, place: layout.initramfs(of: release), files: files
      ).make(with: tool)
    }
  }

  /// What the distribution makes for a kernel is there; true where nothing is to be made.
  public var areDone: Bool {
    guard isLive else { return true }
    guard let layout else { return false }
    let initramfs = layout.initramfs(of: release)
    switch layout.making {
    case .hooks(let folder, _):
      let hooks = KernelHooks(root: root, release: release, folder: folder)
      return !hooks.makeInitramfs || LiveHost.size(of: initramfs) ?? 0 > 0
    case .tool: return LiveHost.size(of: initramfs) ?? 0 > 0
    }
  }

  /// The distribution's own hooks for a kernel that goes. An initramfs that Pawl had made is a file of
  /// before: its backup takes it away.
  public func unmake(with tool: Tool) throws {
    guard isLive, let layout else { return }
    switch layout.making {
    case .hooks(_, let folder):
      try KernelHooks(root: root, release: release, folder: folder).runRemoval(with: tool)
    case .tool: return
    }
  }

  private static let unknown = PawlError(
    .refused, "How this system makes the initramfs of a kernel is not known to Pawl.",
    hint: "Make it by its own program, then: pawl resume")
}
