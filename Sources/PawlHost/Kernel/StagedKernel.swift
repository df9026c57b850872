import PawlModel

/// A kernel that was built elsewhere: `boot/vmlinuz-RELEASE` and `lib/modules/RELEASE` below one folder,
/// as `make install` and `make modules_install` leave them with their paths set, and as Pawl stages one.
public struct StagedKernel {
  public let stage: String

  public init(stage: String) { self.stage = stage }

  private var root: HostRoot { HostRoot(path: stage) }

  /// The release that the folder holds. Throws `noInput` where it holds none, or several.
  public func release() throws(PawlError) -> String {
    let releases = root.list("/lib/modules").value ?? []
    guard let release = releases.first, releases.count == 1 else {
      throw PawlError(
        .noInput,
        releases.isEmpty
          ? "\(stage)/lib/modules holds no kernel's modules."
          : "\(stage)/lib/modules holds several kernels: \(HostText.list(releases)).",
        hint: "Give one kernel a folder of its own: boot/vmlinuz-RELEASE and lib/modules/RELEASE.")
    }
    return release
  }

  /// Throws `refused`, with numbers, where /boot or the modules' file system is too small. The
  /// initramfs will be about as large as the running kernel's, and hooks write it aside first.
  public func requireSpace(below target: HostRoot, running: String, facts: any HostFacts) throws {
    let like = initramfsBytes(of: running, below: target)
    let needs = [
      ("/boot", bytes(below: "/boot") + like * 9 / 4),
      ("/lib/modules", bytes(below: "/lib/modules") * 5 / 4),
    ]
    for (folder, needed) in needs {
      guard let free = facts.freeBytes(at: target.path(folder)), free < needed else { continue }
      throw PawlError(
        .refused,
        "\(target.path(folder)) has \(mebibytes(free)) MiB free; this kernel needs about "
          + "\(mebibytes(needed)) there.",
        hint: "Remove a kernel that you no longer need, by its package. Pawl removes none.")
    }
  }

  private func initramfsBytes(of running: String, below target: HostRoot) -> Int64 {
    LiveHost.size(of: target.path(KernelLayout.presentInitramfs(of: running, below: target))) ?? 0
  }

  private func bytes(below folder: String) -> Int64 {
    (root.list(folder).value ?? []).reduce(0) { sum, name in
      let path = "\(folder)/\(name)"
      guard root.linkTarget(path) == nil else { return sum }
      if root.kind(path).value == .folder { return sum + bytes(below: path) }
      return sum + (LiveHost.size(of: root.path(path)) ?? 0)
    }
  }

  /// Throws where image and modules are not those of the release, by the image's own words.
  public func require(_ release: String) throws {
    let image = KernelLayout.image(of: release)
    guard try self.release() == release, root.exists(image) else {
      throw PawlError(
        .stepFailed, "\(stage) does not hold \(release) any more.",
        hint: "Put it back, or make a new plan.")
    }
    switch KernelImage.identity(image, root: root) {
    case .present(let found) where found.release != release:
      throw PawlError(
        .stepFailed, "\(stage)\(image) calls itself \(found.release).",
        hint: "Image and modules have to be of one build.")
    case .present(let found): print("\(found.release) \(found.version ?? "")")
    case .absent, .unreadable:
      print("Not compared with its name: Pawl does not know this kind of image, \(image).")
    }
  }
}
