import PawlModel

/// A loader of UEFI whose entries are files, and which takes what it is to start from variables of the
/// firmware: systemd-boot, and openSUSE's GRUB without a menu file. (systemd:
/// docs/BOOT_LOADER_INTERFACE.md)
///
/// The ids of Pawl's own entries are `pawl-fallback` and `pawl-trial` here, for every method; those
/// of all others are what the loader and `bootctl` take: the file's name with `.conf`, without a
/// counter of boots.
protocol EntryFileLoader: BootLoader {
  /// What the choice was before Pawl came; there exactly while Pawl's choice may stand.
  static var formerDefault: String { get }

  var files: BootFiles { get }
  var folder: EntryFolder { get }

  /// An entry that goes before every default; nil where there is none, or the loader knows none such.
  func preferred() throws -> String?

  /// The menu stands until somebody chooses.
  var waitsForPerson: Bool { get }

  /// Why what started this boot (`LoaderInfo`) is not this loader, or not one that is known; nil where it is.
  func unknown(_ info: String) -> String?

  /// Throws `refused` for an entry that the loader would read otherwise than it is meant.
  func requireReadable(_ entry: BootEntry) throws
}

extension EntryFileLoader {
  var root: HostRoot { files.root }
  var variables: EFIVariables { EFIVariables(root: root) }
  var partitions: EFIPartitions { folder.partitions }

  var copiesFolder: String {
    ((try? partitions.requireForEntries())?.mountPoint ?? "/boot/efi") + "/pawl"
  }

  var changedFiles: [String] {
    guard let partition = try? partitions.requireForEntries() else { return [Self.formerDefault] }
    let own = [PawlEntries.fallbackID, PawlEntries.trialID]
    return own.map { file(of: $0, on: partition) } + [Self.formerDefault]
  }

  func triedToken() -> Reading<String> {
    .unreadable("\(name) writes down no more than which entry the present boot was started from")
  }

  func addKernel(_ release: String, with tool: Tool) throws {
    try folder.addKernel(release, with: tool)
  }

  func removeKernel(_ release: String, with tool: Tool) throws {
    try folder.removeKernel(release, with: tool)
  }

  func file(of ownID: String, on partition: LoaderVolume) -> String {
    "\(partition.mountPoint)/loader/entries/\(loaderID(ownID))"
  }

  /// As the loader knows the entry.
  func loaderID(_ id: String) -> String { folder.ownNames.file(of: id) ?? id }

  func menu() throws -> [LoaderEntryFile] { try folder.menu() }

  func entryFiles() throws -> [LoaderEntryFile] { try folder.entryFiles() }

  func entries() throws -> [BootEntry] { try menu().map(\.entry) }

  func distributionEntry(of release: String) throws -> BootEntry? {
    try folder.distributionFile(of: release)?.entry
  }

  /// `LoaderConfigTimeout`, as text: seconds, or a word.
  static func waitsForEver(_ timeout: String?) -> Bool {
    guard let timeout else { return false }
    return timeout == "menu-force" || Int(timeout).map { $0 < 0 || $0 >= Int(UInt32.max) } ?? false
  }
}

/// What the files of Pawl's own entries are called, so that the fallback is the first of the menu.
enum OwnEntryNames {
  /// Where sort keys decide.
  case plain
  /// Where names alone decide, the greatest first: before sdbootutil's `system-…`, by every known way of
  /// comparing versions.
  case greatest

  private var names: [String: String] {
    switch self {
    case .plain: [PawlEntries.fallbackID: "pawl-fallback", PawlEntries.trialID: "pawl-trial"]
    case .greatest:
      [PawlEntries.fallbackID: "z-pawl-fallback", PawlEntries.trialID: "y-pawl-trial"]
    }
  }

  /// nil for an id that is not Pawl's.
  func file(of id: String) -> String? { names[id].map { $0 + ".conf" } }

  /// nil for a file that is not Pawl's.
  func id(of file: String) -> String? { names.first { $0.value + ".conf" == file }?.key }
}
