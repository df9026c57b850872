import PawlModel

/// Menu entries as files of the Boot Loader Specification, on the partitions that a loader of UEFI reads:
/// what is in the menu, and how a kernel comes into it. The choice among them is each loader's own.
struct EntryFolder {
  /// For a sentence: `systemd-boot`.
  let loader: String
  let files: BootFiles
  let partitions: EFIPartitions
  let freeBytes: (String) -> Int64?
  var ownNames = OwnEntryNames.plain
  /// The order of the menu.
  var precedes: (TypeOneEntry, TypeOneEntry) -> Bool = TypeOneEntry.precedes

  var root: HostRoot { files.root }

  /// Entries that the loader shows, in its order: it leaves out what has no image.
  func menu() throws -> [LoaderEntryFile] {
    try entryFiles().filter { files.isStartable($0.image) }.sorted { precedes($0.file, $1.file) }
  }

  func entryFiles() throws -> [LoaderEntryFile] {
    try partitions.require().flatMap(entries(on:))
  }

  private func entries(on partition: LoaderVolume) throws -> [LoaderEntryFile] {
    let folder = partition.mountPoint + "/loader/entries"
    let names: [String]
    switch root.list(folder) {
    case .present(let found): names = found
    case .absent: names = []
    case .unreadable(let reason): throw unreadable(folder, reason)
    }
    return try names.compactMap { name in
      guard name.lowercased().hasSuffix(".conf") else { return nil }
      switch root.text("\(folder)/\(name)") {
      case .present(let text):
        return TypeOneEntry(fileName: name, text: text).flatMap {
          LoaderEntryFile(file: $0, folder: folder, partition: partition, ownNames: ownNames)
        }
      case .absent: return nil
      case .unreadable(let reason): throw unreadable("\(folder)/\(name)", reason)
      }
    }
  }

  private func unreadable(_ path: String, _ reason: String) -> PawlError {
    PawlError(
      .inputOutput, "\(path) cannot be read: \(reason).",
      hint: "Look at the kernel's log; check the file system with fsck.vfat.")
  }

  /// Throws where there are several: which of them the loader takes for which name is then a
  /// matter of luck, and `systemd-bless-boot` renames one over the other.
  func distributionFile(of release: String) throws -> LoaderEntryFile? {
    let names = KernelLayout.names(of: release, root: root)
    let found = ofThisRoot(
      Self.withoutSpares(try menu().filter { !$0.isOwn && $0.isOf(release, names) }))
    guard found.count < 2 else {
      throw PawlError(
        .refused,
        "\(loader) has \(found.count) entries for \(release): "
          + found.map(\.path).joined(separator: ", ") + ".",
        hint: "Remove all but one of them (`bootctl list` shows them), then try again.")
    }
    return found.first
  }

  /// Arch's installer makes a second entry of each kernel, with the initramfs that has every driver.
  private static func withoutSpares(_ entries: [LoaderEntryFile]) -> [LoaderEntryFile] {
    let plain = entries.filter { !$0.initrds.contains { $0.hasSuffix("-fallback.img") } }
    return plain.isEmpty ? entries : plain
  }

  /// openSUSE has an entry of each kernel for each snapshot of the root file system: a kernel that is started
  /// with an older one finds another system.
  private func ofThisRoot(_ entries: [LoaderEntryFile]) -> [LoaderEntryFile] {
    let table = MountTable(mountinfo: root.text("/proc/self/mountinfo").value ?? "")
    guard entries.count > 1, let subvolume = table.mount(holding: "/")?.root, subvolume != "/"
    else { return entries }
    let own = entries.filter { $0.subvolume == subvolume }
    return own.isEmpty ? entries : own
  }
}
