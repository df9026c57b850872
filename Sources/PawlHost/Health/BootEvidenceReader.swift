import PawlModel

/// Collects what is left of a failed boot. Only reads: systemd-pstore(8) moves the records itself.
public struct BootEvidenceReader {
  /// Which boot was lost.
  public enum LostBoot: Sendable, Hashable {
    case known(BootID)
    /// The one that came after this one, if it came as far as writing a journal.
    case after(BootID)
  }

  private let root: HostRoot
  private let tool: ToolOutput?

  /// - Parameter tool: runs `journalctl`; without it, or without systemd, there is no journal.
  public init(root: HostRoot, tool: ToolOutput?) {
    self.root = root
    self.tool = tool
  }

  /// Marks of the crash records that are there now: taken before a restart, they tell records of
  /// this trial from older ones after it, whatever the clock says.
  public func marks() -> Set<String> { Set(records().map { Self.mark($0) }) }

  /// - Parameter known: marks from before the restart; what has one of them is older and left out.
  public func collect(_ lost: LostBoot?, without known: Set<String> = []) -> BootEvidence {
    let new = records().filter { !known.contains(Self.mark($0)) }
    var pieces = new.map { BootEvidence.Piece(name: $0.path, text: Self.shown($0.bytes)) }
    if let lost, let journal = journal(lost) { pieces.append(journal) }
    let reset = Watchdog.list(root: root).first { $0.causedLastReset }
    return BootEvidence(pieces: pieces, resetBy: reset?.title)
  }

  // MARK: Records of the firmware

  private struct Record {
    let path: String
    let bytes: [UInt8]
  }

  private static let limit = 64 << 10
  private static let folders = ["/sys/fs/pstore", "/var/lib/systemd/pstore"]

  /// systemd-pstore(8) keeps them in folders, up to two deep.
  private func records() -> [Record] {
    var records: [Record] = []
    func add(_ folder: String, depth: Int) {
      for name in root.list(folder).value ?? [] where records.count < 64 {
        let path = "\(folder)/\(name)"
        guard root.linkTarget(path) == nil else { continue }
        if root.kind(path).value == .folder, depth > 0 { add(path, depth: depth - 1) }
        guard let bytes = root.read(path, limit: 8 << 20).value else { continue }
        records.append(Record(path: path, bytes: bytes.suffix(Self.limit)))
      }
    }
    for folder in Self.folders { add(folder, depth: 2) }
    return records
  }

  /// By content alone: systemd moves a record to another place.
  private static func mark(_ record: Record) -> String {
    SHA256.hash(record.bytes).description
  }

  private static func shown(_ bytes: some Collection<UInt8>) -> String {
    HostText.lines(String(decoding: bytes, as: UTF8.self))
  }

  // MARK: The journal

  private func journal(_ lost: LostBoot) -> BootEvidence.Piece? {
    guard let tool, root.exists("/run/systemd/system") else { return nil }
    guard let boot = identifier(of: lost, tool) else { return nil }
    let argv = [
      "journalctl", "--boot=\(boot)", "--no-pager", "--lines=200", "--output=short-monotonic",
    ]
    guard let text = tool.text(argv, limit: Self.limit).value, !text.isEmpty,
      !text.hasPrefix("-- No entries")
    else { return nil }
    return BootEvidence.Piece(name: "journal of boot \(boot)", text: Self.shown(text.utf8))
  }

  /// journalctl(1) wants 32 digits and reads no further: dashes would cut an id short.
  private func identifier(of lost: LostBoot, _ tool: ToolOutput) -> String? {
    switch lost {
    case .known(let boot): return Self.digits(boot)
    case .after(let armed):
      let argv = ["journalctl", "--boot=-1", "--no-pager", "--lines=1", "--output=json"]
      guard let last = tool.text(argv).value.flatMap({ Self.bootID(inJSON: $0) }),
        last != Self.digits(armed)
      else { return nil }
      return last
    }
  }

  private static func digits(_ boot: BootID) -> String? {
    let digits = boot.lowercased().filter { $0 != "-" }
    let isIdentifier = digits.utf8.count == 32 && digits.allSatisfy { $0.isASCII && $0.isHexDigit }
    return isIdentifier ? digits : nil
  }

  /// The field is a plain string of digits, so that looking for it is enough.
  static func bootID(inJSON text: String) -> String? {
    guard let key = text.firstRange(of: "\"_BOOT_ID\"") else { return nil }
    let value = text[key.upperBound...].drop { $0 == " " || $0 == ":" }
    guard value.first == "\"" else { return nil }
    return digits(String(value.dropFirst().prefix { $0 != "\"" }))
  }
}
