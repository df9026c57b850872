import Glibc
import PawlModel

/// systemd-boot, of Debian 12 (252) and later: entries are files on the EFI system partition or on
/// the extended boot partition, the choice is a variable of the firmware.
struct SystemdBoot: EntryFileLoader {
  static let formerDefault = "/boot/pawl/systemd-boot-default.json"

  let name = "systemd-boot"
  let files: BootFiles
  let freeBytes: (String) -> Int64?

  /// `freeBytes` measures the file system of a path of the running system.
  init(
    root: HostRoot, files: any HostFiles, identity: Identity = .root,
    freeBytes: ((String) -> Int64?)? = nil
  ) {
    self.files = BootFiles(root: root, files: files, identity: identity)
    self.freeBytes = freeBytes ?? { DiskSpace.measure($0, root: root).value?.freeBytes }
  }

  /// Whether it is what this host is set up to boot by, as far as files tell.
  static func isInstalled(root: HostRoot) -> Bool {
    EFIPartitions(root: root, loader: .systemdBoot).systemPartition != nil
  }

  var folder: EntryFolder {
    EntryFolder(
      loader: name, files: files, partitions: EFIPartitions(root: root, loader: .systemdBoot),
      freeBytes: freeBytes)
  }

  func requireReadable(_ entry: BootEntry) throws {}

  // MARK: - The choice

  func plainChoice() throws -> BootEntry? {
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
  private func setting(_ key: String) -> String? {
    guard let partition = partitions.systemPartition else { return nil }
    let text = root.text(partition.mountPoint + "/loader/loader.conf").value ?? ""
    let lines = text.split(whereSeparator: \.isNewline).map { $0.words() }
    return lines.last { $0.first == key && $0.count > 1 }?[1]
  }

  /// With `menu-force` the loader waits for ever.
  var waitsForPerson: Bool {
    Self.waitsForEver(variables.string("LoaderConfigTimeout").value ?? setting("timeout"))
  }

  // MARK: - Which it is

  func unknown(_ info: String) -> String? {
    guard let version = loaderVersion else { return "This boot was started by \(info)." }
    guard version < 250 else { return nil }
    return "\(info) orders its entries otherwise than the versions from 250 on."
  }

  /// nil where it is not systemd-boot that started this boot.
  private var loaderVersion: Int? {
    guard let words = variables.string("LoaderInfo").value?.words(), words.count > 1,
      words[0] == "systemd-boot"
    else { return nil }
    return Int(words[1].prefix { $0.isNumber })
  }
}
