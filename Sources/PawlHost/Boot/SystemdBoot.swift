import Glibc
import PawlModel

/// systemd-boot, of Debian 12 (252) and later: entries are files on the EFI system partition or on
/// the extended boot partition, the choice is a variable of the firmware.
///
/// The ids of Pawl's own entries are `pawl-fallback` and `pawl-trial` here, for every method; those
/// of all others are what the loader and `bootctl` take: the file's name with `.conf`, without a
/// counter of boots.
public struct SystemdBoot: BootLoader {
  /// What the choice was before Pawl came; there exactly while Pawl's choice may stand.
  public static let formerDefault = "/boot/pawl/systemd-boot-default.json"

  public let name = "systemd-boot"
  let files: BootFiles
  let freeBytes: (String) -> Int64?

  var root: HostRoot { files.root }
  var variables: EFIVariables { EFIVariables(root: root) }

  /// `freeBytes` measures the file system of a path of the running system.
  public init(
    root: HostRoot, files: any HostFiles, identity: Identity = .root,
    freeBytes: ((String) -> Int64?)? = nil
  ) {
    self.files = BootFiles(root: root, files: files, identity: identity)
    self.freeBytes = freeBytes ?? { DiskSpace.measure($0, root: root).value?.freeBytes }
  }

  /// Whether it is what this host is set up to boot by, as far as files tell.
  public static func isInstalled(root: HostRoot) -> Bool {
    EFIPartitions(root: root, loader: .systemdBoot).systemPartition != nil
  }

  public var copiesFolder: String {
    ((try? partitions.requireForEntries())?.mountPoint ?? "/boot/efi") + "/pawl"
  }

  public var changedFiles: [String] {
    guard let partition = try? partitions.requireForEntries() else { return [Self.formerDefault] }
    let own = [PawlEntries.fallbackID, PawlEntries.trialID]
    return own.map { file(of: $0, on: partition) } + [Self.formerDefault]
  }

  public func triedToken() -> Reading<String> {
    .unreadable(
      "systemd-boot writes down no more than which entry the present boot was started from")
  }

  // MARK: - The menu

  var partitions: EFIPartitions { EFIPartitions(root: root, loader: .systemdBoot) }

  var folder: EntryFolder {
    EntryFolder(loader: name, files: files, partitions: partitions, freeBytes: freeBytes)
  }

  public func addKernel(_ release: String, with tool: Tool) throws {
    try folder.addKernel(release, with: tool)
  }

  public func removeKernel(_ release: String, with tool: Tool) throws {
    try folder.removeKernel(release, with: tool)
  }

  func file(of ownID: String, on partition: LoaderVolume) -> String {
    "\(partition.mountPoint)/loader/entries/\(ownID).conf"
  }

  func menu() throws -> [LoaderEntryFile] { try folder.menu() }

  func entryFiles() throws -> [LoaderEntryFile] { try folder.entryFiles() }

  public func entries() throws -> [BootEntry] { try menu().map(\.entry) }

  public func distributionEntry(of release: String) throws -> BootEntry? {
    try folder.distributionFile(of: release)?.entry
  }

  // MARK: - The choice

  public func plainChoice() throws -> BootEntry? {
    if waitsForPerson { return nil }
    let menu = try menu()
    if let preferred = try preferred() {
      let fit = menu.filter { $0.file.triesLeft != 0 }
      if let entry = fit.first(where: { $0.matches(preferred) }) { return entry.entry }
    }
    for pattern in [try variables.requireString("LoaderEntryDefault"), setting("default")] {
      guard let pattern = try resolved(pattern) else { continue }
      if let entry = menu.first(where: { $0.matches(pattern) }) { return entry.entry }
      // A unified kernel image, or an entry that the loader made by itself.
      if partitions.unifiedImages.contains(where: { fnmatch(pattern, $0.lowercased(), 0) == 0 })
        || pattern.hasPrefix("auto-")
      {
        return BootEntry(id: pattern, title: pattern, image: "", initrds: [], commandLine: "")
      }
    }
    return try firstOfAll(menu)
  }

  /// Which comes first is not known where unified kernel images are among them: their order stands
  /// inside of them.
  private func firstOfAll(_ menu: [LoaderEntryFile]) throws -> BootEntry? {
    if menu.first?.isOwn != true, let image = partitions.unifiedImages.first {
      throw PawlError(
        .refused,
        "What systemd-boot starts cannot be told: nothing is chosen, and beside entry "
          + "files there are unified kernel images (\(image)).",
        hint: "Choose one: bootctl set-default ID")
    }
    return menu.first?.entry
  }

  private func resolved(_ pattern: String?) throws -> String? {
    guard pattern == "@saved" else { return pattern?.lowercased() }
    return try variables.requireString("LoaderEntryLastBooted")?.lowercased()
  }

  /// Only systemd 260 and later know it; there it goes before the default.
  func preferred() throws -> String? {
    if let version = loaderVersion, version < 260 { return nil }
    return try (variables.requireString("LoaderEntryPreferred") ?? setting("preferred"))?
      .lowercased()
  }

  /// A value of loader.conf.
  func setting(_ key: String) -> String? {
    guard let partition = partitions.systemPartition else { return nil }
    let text = root.text(partition.mountPoint + "/loader/loader.conf").value ?? ""
    let lines = text.split(whereSeparator: \.isNewline).map { $0.words() }
    return lines.last { $0.first == key && $0.count > 1 }?[1]
  }

  /// With `menu-force` the loader waits for ever.
  var waitsForPerson: Bool {
    guard let timeout = variables.string("LoaderConfigTimeout").value ?? setting("timeout") else {
      return false
    }
    return timeout == "menu-force" || Int(timeout).map { $0 >= Int(UInt32.max) } ?? false
  }

  /// nil where it is not systemd-boot that started this boot.
  var loaderVersion: Int? {
    guard let words = variables.string("LoaderInfo").value?.words(), words.count > 1,
      words[0] == "systemd-boot"
    else { return nil }
    return Int(words[1].prefix { $0.isNumber })
  }
}
