import PawlModel

/// What Pawl wants of the boot menu, as the simulated `/boot/pawl/entries.json` says it.
struct SimulatedEntries: Hashable {
  /// The image of the copy that is the way back.
  var fallback: String
  var trial: Trial?
  /// The release that a plain boot starts; nil: the fallback.
  var promoted: String?

  struct Trial: Hashable {
    var image: String
    var token: String
  }

  /// The three changes of `pawl internal boot-entries`.
  enum Change: Hashable {
    case pin(String)
    case trial(String, token: String)
    case promote(String)
  }

  static let path = PawlEntries.path

  init(fallback: String) { self.fallback = fallback }

  /// nil for what is torn, or is nothing of Pawl's.
  init?(_ bytes: [UInt8]) {
    guard let lines = Lines(bytes) else { return nil }
    guard let fallback = lines.first("fallback") else { return nil }
    self.fallback = fallback[0]
    trial = lines.first("trial").map { Trial(image: $0[0], token: $0[1]) }
    promoted = lines.first("promoted")?[0]
  }

  var bytes: [UInt8] {
    var lines = ["fallback \(fallback)"]
    if let trial { lines.append("trial \(trial.image) \(trial.token)") }
    if let promoted { lines.append("promoted \(promoted)") }
    return Lines.bytes(lines)
  }

  static func copy(of release: String) -> String {
    "\(SimulatedMenu.copies(of: release))/vmlinuz-\(release)"
  }
}

/// The boot menu as the loader reads it: one line for each entry, and which one a plain boot starts.
struct SimulatedMenu: Hashable {
  struct Entry: Hashable {
    var id: String
    var image: String
    var token: String?

    var release: String {
      let name = image.split(separator: "/").last ?? ""
      return String(name.dropFirst("vmlinuz-".count))
    }
    var line: String { "entry \(id) \(image) \(token ?? "-")" }
    var isOwn: Bool { id.hasPrefix("pawl-") }
  }

  var entries: [Entry]
  var chosenID: String

  static let path = "/boot/grub/grub.cfg"
  /// What the loader's generator puts in front.
  static let fragment = "/etc/grub.d/09_pawl"

  static func copies(of release: String) -> String { "/boot/pawl/fallback-\(release)" }

  init(entries: [Entry], chosenID: String) {
    self.entries = entries
    self.chosenID = chosenID
  }

  init?(_ bytes: [UInt8]) {
    guard let lines = Lines(bytes), let chosen = lines.first("default") else { return nil }
    chosenID = chosen[0]
    entries = lines.all("entry").map {
      Entry(id: $0[0], image: $0[1], token: $0[2] == "-" ? nil : $0[2])
    }
  }

  var bytes: [UInt8] { Lines.bytes(["default \(chosenID)"] + entries.map(\.line)) }

  var chosen: Entry? { entries.first { $0.id == chosenID } }

  /// Pawl's part of a menu.
  init(wanted: SimulatedEntries) {
    entries = [Entry(id: PawlEntries.fallbackID, image: wanted.fallback)]
    if let trial = wanted.trial {
      entries.append(Entry(id: PawlEntries.trialID, image: trial.image, token: trial.token))
    }
    chosenID = wanted.promoted ?? PawlEntries.fallbackID
  }

  /// The loader's own part: all kernels there are, the newest first, and the default where nobody
  /// says otherwise.
  init(kernelsOf disk: SimulatedDisk) {
    let prefix = "/boot/vmlinuz-"
    let found = disk.live.keys.filter { $0.hasPrefix(prefix) }.sorted(by: >)
    entries = found.map { Entry(id: String($0.dropFirst(prefix.count)), image: $0) }
    chosenID = entries.first?.id ?? ""
  }

  /// With Pawl's part, if there is one, in place of the one that is there.
  func with(own: SimulatedMenu?) -> SimulatedMenu {
    let others = entries.filter { !$0.isOwn }
    guard let own else {
      return SimulatedMenu(entries: others, chosenID: others.first?.id ?? "")
    }
    return SimulatedMenu(entries: own.entries + others, chosenID: own.chosenID)
  }
}

/// Lines of words, with a last one without which the text is torn.
private struct Lines {
  private var lines: [[String]] = []

  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasSuffix("\nend\n") else { return nil }
    lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    guard lines.allSatisfy({ Self.isWhole($0) }) else { return nil }
  }

  private static func isWhole(_ line: [String]) -> Bool {
    switch line.first {
    case "entry": line.count == 4
    case "trial": line.count == 3
    case "fallback", "promoted", "default": line.count == 2
    case nil: false
    default: line == ["end"] || line[0].hasPrefix("#")
    }
  }

  func all(_ word: String) -> [[String]] {
    lines.filter { $0.first == word }.map { Array($0.dropFirst()) }
  }

  func first(_ word: String) -> [String]? { all(word).first }

  static func bytes(_ lines: [String]) -> [UInt8] {
    Array(((lines + ["end"]).joined(separator: "\n") + "\n").utf8)
  }
}
