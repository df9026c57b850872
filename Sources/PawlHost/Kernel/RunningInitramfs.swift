import Foundation
import PawlModel

/// The initramfs of the kernel that runs, once another one was tried with it: it takes its place, or gives it up
/// again.
///
/// What survives a power cut: the one or the other, whole; repeating either is safe.
public struct RunningInitramfs {
  private let root: HostRoot
  private let release: String
  private let loader: any BootLoader
  private let files: any HostFiles

  public init(root: HostRoot, release: String, loader: any BootLoader, files: any HostFiles) {
    self.root = root
    self.release = release
    self.loader = loader
    self.files = files
  }

  /// Where it is written; the loader's programs make what copies they keep of it.
  private var place: String { KernelLayout.presentInitramfs(of: release, below: root) }

  /// Throws `refused` where a program would make the kernel's entry anew for it, with the command line of the
  /// present boot, which is the trial by then.
  public static func requireKeepable(
    of release: String, by loader: (any BootLoader)?, below root: HostRoot
  ) throws(PawlError) {
    let place = KernelLayout.presentInitramfs(of: release, below: root)
    guard let loader = loader as? any EntryFileLoader,
      let entry = try? loader.distributionEntry(of: release), !entry.initrds.contains(place)
    else { return }
    guard !Self.commandLines.contains(where: root.exists) else { return }
    throw PawlError(
      .refused,
      "Keeping the initramfs has \(loader.folder.maker.program) make the entry of \(release) anew, and there "
        + "is no \(Self.commandLines[0]): it would take the command line of whatever boot that is.",
      hint: "Write the host's own command line to \(Self.commandLines[0]), then plan again.")
  }

  /// (kernel-install(8); sdbootutil, create_boot_options)
  private static let commandLines = ["/etc/kernel/cmdline", "/usr/lib/kernel/cmdline"]

  /// What the next boot reads: sdbootutil keeps it on the EFI system partition alone.
  private func inUse() throws -> Digest? {
    let isElsewhere = Sdbootutil.loaderType(below: root) != nil
    let path = isElsewhere ? try loader.distributionEntry(of: release)?.initrds.last : place
    return try path.flatMap(digest)
  }

  /// Has one that was tried take its place. Throws `refused` where that is not, byte for byte, the one whose
  /// trial `entries.json` records.
  public func adopt(_ tried: String, with tool: Tool) throws {
    let wanted = try files.state(at: root.path(tried))
    let recorded = try entries()?.files[tried]
    guard let digest = wanted.digest, recorded == nil || recorded == digest else {
      throw PawlError(
        .refused, "\(tried) is not what was tried: it is gone, or was changed since.",
        hint: "Roll back, and plan again.")
    }
    if try inUse() != digest { try put(tried) }
    try loader.addKernel(release, with: tool)
    print("The initramfs of \(release) is now what was tried.")
  }

  /// Takes `adopt` back. Packages make an initramfs anew at any time: only where it is still the adopted one,
  /// the one that is kept as the way back takes its place; else it is made anew, of what the host's
  /// configuration says by now.
  public func takeBack(_ tried: String, with tool: Tool) throws {
    let adopted = try digest(tried)
    let present = try inUse()
    if let kept = try entries()?.fallback.initrds.last, let wanted = try digest(kept),
      present == wanted || present == adopted && adopted != nil
    {
      if present != wanted { try put(kept) }
      print("The initramfs of \(release) is what it was before.")
    } else {
      try KernelInitramfs(root: root, release: release, place: place, files: files).make(with: tool)
    }
    try loader.addKernel(release, with: tool)
  }

  private func put(_ other: String) throws {
    try files.replace(root.path(place), by: root.path(other))
    try files.sync(fileSystemsOf: [root.path(place)])
  }

  private func digest(_ path: String) throws -> Digest? {
    try files.state(at: root.path(path)).digest
  }

  private func entries() throws -> PawlEntries? { try EntriesFile(root: root, files: files).read() }
}
