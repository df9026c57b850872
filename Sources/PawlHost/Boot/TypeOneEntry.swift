import PawlModel

/// A menu entry file of the Boot Loader Specification, type 1, as systemd-boot 250 and later reads
/// it (`boot_entry_add_type1` of boot.c).
struct TypeOneEntry {
  let fileName: String
  /// Of the file's name: boots that are left until the entry counts as bad; nil without counter.
  let triesLeft: Int?
  /// The file's name without its counter.
  let id: String
  private(set) var title: String?
  private(set) var sortKey: String?
  private(set) var version: String?
  private(set) var machineID: String?
  /// As the loader sees it; nil where the entry starts nothing.
  private(set) var image: String?
  private(set) var initrds: [String] = []
  private(set) var options: [String] = []
  /// Whom GRUB lets start the entry, as a word of its script; nil for everybody.
  private(set) var users: String?

  /// nil for what the loader passes over by its name.
  init?(fileName: String, text: String) {
    guard fileName.lowercased().hasSuffix(".conf"), !fileName.hasPrefix("."),
      !fileName.hasPrefix("auto-")
    else { return nil }
    self.fileName = fileName
    (id, triesLeft) = Self.counted(fileName)
    for line in text.split(whereSeparator: \.isNewline) { read(line) }
  }

  private mutating func read(_ line: Substring) {
    let line = line.trimmingWhitespace()
    guard !line.hasPrefix("#"), let end = line.firstIndex(where: { $0 == " " || $0 == "\t" })
    else { return }
    var value = line[end...].trimmingWhitespace()
    if value.count > 1, value.hasPrefix("\""), value.hasSuffix("\"") {
      value = String(value.dropFirst().dropLast())
    }
    switch line[..<end] {
    case "title": title = value
    case "sort-key": sortKey = value
    case "version": version = value
    case "machine-id": machineID = value
    case "linux", "efi": image = value
    case "initrd": initrds.append(value)
    case "options": options.append(value)
    case "grub_users": users = value
    default: break
    }
  }

  var commandLine: String { options.joined(separator: " ") }

  /// `name+LEFT.conf` and `name+LEFT-DONE.conf` carry a counter of boots.
  private static func counted(_ name: String) -> (id: String, triesLeft: Int?) {
    let stem = name.dropLast(".conf".count)
    guard let plus = stem.lastIndex(of: "+") else { return (name, nil) }
    let numbers = stem[stem.index(after: plus)...].split(
      separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let isCounter = numbers.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
    }
    guard isCounter, let left = numbers.first.flatMap({ Int($0) }) else { return (name, nil) }
    return (String(stem[..<plus] + name.suffix(".conf".count)), left)
  }

  /// The order of the menu (`boot_entry_compare`).
  static func precedes(_ one: TypeOneEntry, _ other: TypeOneEntry) -> Bool {
    let bad = (one.triesLeft == 0, other.triesLeft == 0)
    if bad.0 != bad.1 { return bad.1 }
    if (one.sortKey == nil) != (other.sortKey == nil) { return one.sortKey != nil }
    if let key = one.sortKey, let otherKey = other.sortKey {
      if key != otherKey { return key.utf16.lexicographicallyPrecedes(otherKey.utf16) }
      let machines = (one.machineID ?? "", other.machineID ?? "")
      if machines.0 != machines.1 {
        return machines.0.utf16.lexicographicallyPrecedes(machines.1.utf16)
      }
      let order = VersionOrder.compare(one.version ?? "", other.version ?? "")
      if order != 0 { return order > 0 }
    }
    // The loader takes the whole name of the file for the id, counter and all.
    let order = VersionOrder.compare(one.fileName.lowercased(), other.fileName.lowercased())
    if order != 0 { return order > 0 }
    return (one.triesLeft ?? -1) > (other.triesLeft ?? -1)
  }

  /// Of an entry of Pawl's own. Sort keys are made of `a-z 0-9 . _ -`, of which `-` is the least: no
  /// key of a distribution goes before it.
  static func text(_ entry: BootEntry, volume: LoaderVolume) throws -> String {
    let paths = try entry.files.map(volume.inLoader)
    for value in paths + [entry.title, entry.commandLine] where value.contains(where: \.isNewline) {
      throw PawlError(
        .refused, "The entry \(entry.id) has a value of several lines, which no entry can hold.")
    }
    var lines = [
      "# Pawl's own, of a kernel plan: taken away with the plan.", "title \(entry.title)",
      "sort-key \(sortKey(of: entry.id))", "linux \(paths[0])",
    ]
    lines += paths.dropFirst().map { "initrd \($0)" }
    if !entry.commandLine.isEmpty { lines.append("options \(entry.commandLine)") }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The fallback before the trial: `-pawl-fallback`, `-pawl-trial`.
  private static func sortKey(of id: String) -> String { "-" + id }
}
