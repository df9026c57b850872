import PawlModel

extension EntryFolder {
  var maker: any EntryMaker { EntryMakers.of(files) }

  /// The distribution's program copies image and initrd to the partition and makes the entry. It writes in
  /// place and syncs nothing, so that both is done and looked at here.
  func addKernel(_ release: String, with tool: Tool) throws {
    let sources = try kernelFiles(of: release)
    let wanted = try sources.map(files.digest)
    if let entry = try distributionFile(of: release), try isWhole(entry, wanted) {
      return try maker.forgetInitramfs(of: release)
    }
    try requireNoCounters()
    try maker.requireOwnName(release, among: menu())
    let partition = try partitions.requireForEntries()
    try requireSpace(on: partition, for: sources)
    try maker.add(release, sources, with: tool)
    try files.sync(partition.mountPoint)
    guard let entry = try distributionFile(of: release) else {
      throw PawlError(
        .stepFailed, "\(maker.program) ended well, but \(loader) has no entry for \(release).",
        hint: maker.whyNoEntry)
    }
    guard try isWhole(entry, wanted) else {
      throw PawlError(
        .stepFailed, "The files of the entry \(entry.path) are not those of \(release) in /boot.",
        hint: "Look for errors of the partition at \(partition.mountPoint) in the kernel's log.")
    }
    try NewKernelEntry.requirePlain(entry.file.commandLine, of: entry.path)
  }

  func removeKernel(_ release: String, with tool: Tool) throws {
    guard try isThere(release) else { return try maker.removeTraces(of: release) }
    try maker.requireOwnName(release, among: menu())
    try maker.remove(release, with: tool)
    try files.sync(partitions.requireForEntries().mountPoint)
    guard try !isThere(release) else {
      throw PawlError(
        .stepFailed, "\(maker.program) ended well, but left files of \(release) for \(loader).",
        hint: "Remove them: `bootctl list` shows the entry.")
    }
    try maker.removeTraces(of: release)
  }

  /// The image, and the initramfs where there is one.
  private func kernelFiles(of release: String) throws -> [String] {
    let image = KernelLayout.presentImage(of: release, below: root)
    guard files.isStartable(image) else {
      throw PawlError(
        .refused, "\(image) is not there, or empty.", hint: "Install the kernel \(release) first.")
    }
    let initrd = KernelLayout.presentInitramfs(of: release, below: root)
    return [image] + (root.exists(initrd) ? [initrd] : [])
  }

  /// The entry's files have the bytes of those in /boot; others may be among its initrds (microcode).
  private func isWhole(_ entry: LoaderEntryFile, _ wanted: [Digest?]) throws -> Bool {
    guard let image = wanted.first, try files.digest(of: entry.image) == image else { return false }
    let copies = try entry.initrds.map(files.digest)
    return wanted.dropFirst().allSatisfy(copies.contains)
  }

  /// An entry, or copies that were made for one: `linux`, or `linux-` and a digest.
  private func isThere(_ release: String) throws -> Bool {
    if try distributionFile(of: release) != nil { return true }
    return try partitions.require().contains { partition in
      (root.list(partition.mountPoint).value ?? []).contains { token in
        let copies = root.list("\(partition.mountPoint)/\(token)/\(release)").value ?? []
        return copies.contains { $0 == "linux" || $0.hasPrefix("linux-") }
      }
    }
  }

  private func requireNoCounters() throws {
    guard root.exists("/etc/kernel/tries") else { return }
    throw PawlError(
      .refused,
      "/etc/kernel/tries has new entries count their boots: their names change with every "
        + "boot, so that none of them can be chosen.",
      hint: "Pawl tries a new kernel once, by itself. Remove the file, then try again.")
  }

  /// sdbootutil makes room by itself, and takes entries of other systems for it.
  private func requireSpace(on partition: LoaderVolume, for sources: [String]) throws {
    let sizes = sources.map { root.resolve($0).flatMap(LiveHost.size) ?? 0 }
    let needed = sizes.reduce(0, +) + spare
    guard let free = freeBytes(partition.mountPoint), free < needed else { return }
    throw PawlError(
      .refused,
      "\(partition.mountPoint) has \(free / mebibyte) MiB free; the kernel and its initramfs "
        + "need \((needed + mebibyte - 1) / mebibyte) MiB there.",
      hint: "Remove a kernel that is no longer needed, or make the initramfs smaller.")
  }
}

private let mebibyte: Int64 = 1 << 20
/// Clusters that are not filled, the folders and the entry.
private let spare: Int64 = 256 << 10
