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
    EFIPartitions(root: root).systemPartition != nil
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

  var partitions: EFIPartitions { EFIPartitions(root: root) }

  func file(of ownID: String, on partition: LoaderVolume) -> String {
    "\(partition.mountPoint)/loader/entries/\(ownID).conf"
  }

  /// Entries that the loader shows, in its order: it leaves out what has no image.
  func menu() throws -> [SystemdBootEntry] {
    try entryFiles().filter { files.isStartable($0.image) }.sorted {
      TypeOneEntry.precedes($0.file, $1.file)
    }
  }

  func entryFiles() throws -> [SystemdBootEntry] {
    try partitions.require().flatMap(entries(on:))
  }

  private func entries(on partition: LoaderVolume) throws -> [SystemdBootEntry] {
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
          SystemdBootEntry(file: $0, folder: folder, partition: partition)
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

  public func entries() throws -> [BootEntry] { try menu().map(\.entry) }

  public func distributionEntry(of release: String) throws -> BootEntry? {
    try distributionFile(of: release)?.entry
  }

  /// Throws where there are several: which of them the loader takes for which name is then a
  /// matter of luck, and `systemd-bless-boot` renames one over the other.
  func distributionFile(of release: String) throws -> SystemdBootEntry? {
    let names = KernelLayout.names(of: release, root: root)
    let found = Self.withoutSpares(try menu().filter { !$0.isOwn && $0.isOf(release, names) })
    guard found.count < 2 else {
      throw PawlError(
        .refused,
        "systemd-boot has \(found.count) entries for \(release): "
          + found.map(\.path).joined(separator: ", ") + ".",
        hint: "Remove all but one of them (`bootctl list` shows them), then try again.")
    }
    return found.first
  }

  /// Arch's installer makes a second entry of each kernel, with the initramfs that has every driver.
  private static func withoutSpares(_ entries: [SystemdBootEntry]) -> [SystemdBootEntry] {
    let plain = entries.filter { !$0.initrds.contains { $0.hasSuffix("-fallback.img") } }
    return plain.isEmpty ? entries : plain
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
  private func firstOfAll(_ menu: [SystemdBootEntry]) throws -> BootEntry? {
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

/// An entry file, with what its paths mean on the running system.
struct SystemdBootEntry {
  let file: TypeOneEntry
  let path: String
  let image: String
  let initrds: [String]

  /// nil for an entry that starts nothing, or something outside of what is mounted.
  init?(file: TypeOneEntry, folder: String, partition: LoaderVolume) {
    guard let image = file.image.flatMap(partition.inSystem) else { return nil }
    self.file = file
    path = "\(folder)/\(file.fileName)"
    self.image = image
    initrds = file.initrds.compactMap(partition.inSystem)
  }

  var isOwn: Bool { [PawlEntries.fallbackID, PawlEntries.trialID].contains(id) }

  /// As this adapter's callers know it.
  var id: String {
    let own = String(file.id.dropLast(".conf".count))
    return [PawlEntries.fallbackID, PawlEntries.trialID].contains(own) ? own : file.id
  }

  var entry: BootEntry {
    BootEntry(
      id: id, title: file.title ?? file.id, image: image, initrds: initrds,
      commandLine: file.commandLine)
  }

  /// kernel-install puts the image into a folder named after the release.
  var release: String? {
    file.version ?? image.split(separator: "/").dropLast().last.map(String.init)
  }

  /// `names`: what the images of that release are called by, where nobody wrote down a version.
  func isOf(_ release: String, _ names: [String]) -> Bool {
    if self.release == release { return true }
    return file.version == nil && names.contains { image.hasSuffix("/vmlinuz-\($0)") }
  }

  /// `pattern` in lower case. The loader compares with the whole name of the file; newer ones are
  /// said to leave out the counter.
  func matches(_ pattern: String) -> Bool {
    [file.fileName, file.id].contains { fnmatch(pattern, $0.lowercased(), 0) == 0 }
  }
}
