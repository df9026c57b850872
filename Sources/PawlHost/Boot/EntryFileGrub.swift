import PawlModel

/// The GRUB of openSUSE that has no menu file (`LOADER_TYPE=grub2-bls`): its entries are files on the EFI
/// system partition, kept by sdbootutil, and its environment block lies there, too. Newer ones take an entry to
/// start once, and a default, from the firmware's variables, and say so in `LoaderFeatures`. (openSUSE's grub2:
/// grub2-bls-loader-entry-oneshot.patch, grub2-bls-loader-entry-default.patch, grub2-bls-loader-features.patch)
struct EntryFileGrub: EntryFileLoader {
  static let formerDefault = "/boot/pawl/grub-default.json"

  let name = "GRUB without a menu file"
  let files: BootFiles
  let freeBytes: (String) -> Int64?

  static let loaderType = "grub2-bls"

  init(root: HostRoot, files: any HostFiles, identity: Identity) {
    self.files = BootFiles(root: root, files: files, identity: identity)
    freeBytes = { DiskSpace.measure($0, root: root).value?.freeBytes }
  }

  static func isChosen(below root: HostRoot) -> Bool {
    BootLoaderSearch.loaderType(below: root) == loaderType
  }

  /// It orders entries by their names alone. (sdbootutil, entry_conf_file)
  var folder: EntryFolder {
    EntryFolder(
      loader: name, files: files, partitions: EFIPartitions(root: root, loader: .grub),
      freeBytes: freeBytes, ownNames: .greatest,
      precedes: { VersionOrder.compare($0.id, $1.id) > 0 })
  }

  /// It puts their values into a script, and reads that.
  func requireReadable(_ entry: BootEntry) throws {
    guard let sign = entry.commandLine.first(where: "$\\'\"`;&|<>{}".contains) else { return }
    throw PawlError(
      .refused,
      "The command line of the entry \(entry.id) has a \(sign), which GRUB reads as a sign of its script.",
      hint:
        "Take the parameter with the \(sign) out of /etc/kernel/cmdline and start this kernel without it, "
        + "then plan again.")
  }

  // MARK: - The choice

  /// The firmware's variable goes before `default` of the environment block, each with the ending `.conf`
  /// or without; what names no entry is passed over.
  func plainChoice() throws -> BootEntry? {
    if waitsForPerson { return nil }
    let menu = try menu()
    let chosen = try [variables.requireString("LoaderEntryDefault"), setting("default")]
    let entry = chosen.lazy.compactMap { name in menu.first { isNamed($0, name) } }.first
    return (entry ?? menu.first)?.entry
  }

  private func isNamed(_ entry: LoaderEntryFile, _ name: String?) -> Bool {
    [entry.file.id, String(entry.file.id.dropLast(".conf".count))].contains(name)
  }

  func preferred() throws -> String? { nil }

  /// sdbootutil writes both. (set_timeout_grub2_bls)
  var waitsForPerson: Bool {
    let timeouts = [
      variables.string("LoaderConfigTimeout").value, (try? setting("timeout")) ?? nil,
    ]
    return timeouts.contains(where: Self.waitsForEver)
  }

  /// A value of the environment block. sdbootutil pads it without an end of the last line: what GRUB reads
  /// of it is the same.
  private func setting(_ key: String) throws -> String? {
    guard let partition = partitions.systemPartition else { return nil }
    let folders = root.list(partition.mountPoint + "/EFI").value ?? []
    let blocks = folders.map { "\(partition.mountPoint)/EFI/\($0)/grubenv" }
    guard let path = blocks.first(where: root.exists), let (bytes, _) = try files.read(path) else {
      return nil
    }
    return try GrubEnvironment(bytes).values[key]
  }

  func unknown(_ info: String) -> String? {
    info.hasPrefix("GRUB") ? nil : "This boot was started by \(info)."
  }
}
