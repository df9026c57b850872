/// A kernel configuration (`.config`), held as its bytes with an index of its symbols.
///
/// Symbols match whole and keep their case: `VFIO_PCI` is not `VFIO_PCI_CORE`, and comments are not
/// values. Where a symbol is set twice the later line wins, as for the kernel's own `conf`.
/// Values never leave the bytes until they are asked for, so that ten thousand lines cost
/// a few milliseconds.
public struct KernelConfig: Sendable {
  private struct Entry {
    var name: Int32
    var nameLength: Int32
    var value: Int32  // start of the value; -1 for `is not set`
    var valueLength: Int32
  }

  private let bytes: [UInt8]
  private var entries: [Entry] = []
  private var slots: [Int32] = []  // open addressing; -1 is free

  /// The version in the header (`# Linux/x86 6.1.176 Kernel Configuration`); nil without one.
  public private(set) var headerVersion: String?
  /// The architecture in the header (`x86`, `x86_64`, `arm64`); nil without one.
  public private(set) var headerArchitecture: String?

  /// Number of symbols mentioned, those that are off included.
  public var count: Int { entries.count }

  /// Parses the text of a `.config`. Lines that are neither a value nor `is not set` are passed over.
  public init(bytes: [UInt8]) {
    self.bytes = bytes
    var found: [Entry] = []
    found.reserveCapacity(bytes.count / 26)
    var version: String?
    var architecture: String?
    bytes.forEachLine { text, start, end in
      if end - start < 9 { return }
      if text[start] == UInt8(ascii: "C") {
        if let entry = Self.assignment(text, start, end) { found.append(entry) }
      } else if text[start] == UInt8(ascii: "#") {
        if let entry = Self.notSet(text, start, end) {
          found.append(entry)
        } else if version == nil, found.isEmpty {
          (architecture, version) = Self.header(text, start, end)
        }
      }
    }
    headerVersion = version
    headerArchitecture = architecture
    var size = 16
    while size < found.count * 2 { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
    entries.reserveCapacity(found.count)
    bytes.withUnsafeBufferPointer { text in
      for entry in found { insert(entry, text) }
    }
  }

  /// Parses a `.config` held as a string.
  public init(text: String) { self.init(bytes: Array(text.utf8)) }

  /// Reads a configuration file, packed with gzip or not.
  public static func read(_ absolute: String, root: HostRoot) -> Reading<KernelConfig> {
    let contents: Reading<[UInt8]>
    switch root.read(absolute) {
    case .present(let bytes): contents = Gzip.isGzip(bytes) ? Gzip.unpack(bytes) : .present(bytes)
    case .absent: return .absent
    case .unreadable(let reason): return .unreadable(reason)
    }
    switch contents {
    case .absent: return .absent
    case .unreadable(let reason): return .unreadable(reason)
    case .present(let bytes):
      let config = KernelConfig(bytes: bytes)
      return config.count == 0
        ? .unreadable("it holds no kernel configuration") : .present(config)
    }
  }

  /// What the configuration says about a symbol, named with or without `CONFIG_`.
  public func state(_ symbol: String) -> SymbolState {
    guard let raw = raw(symbol) else { return .absent }
    switch raw {
    case "y": return .y
    case "m": return .m
    case "n": return .n
    default: return .value(Self.unquote(raw))
    }
  }

  /// The text after `=` exactly as it stands (`n` for `is not set`); nil when absent.
  public func raw(_ symbol: String) -> String? {
    var name = symbol
    return name.withUTF8 { wanted in
      let prefix = Array("CONFIG_".utf8)
      let key =
        wanted.count > 7 && wanted.prefix(7).elementsEqual(prefix)
        ? UnsafeBufferPointer(rebasing: wanted[7...]) : wanted
      return bytes.withUnsafeBufferPointer { text in
        var slot = Self.hash(key) & (slots.count - 1)
        while slots[slot] >= 0 {
          let entry = entries[Int(slots[slot])]
          if Self.equal(text, entry, key) {
            if entry.value < 0 { return "n" }
            let range = Int(entry.value)..<Int(entry.value + entry.valueLength)
            return String(decoding: text[range], as: UTF8.self)
          }
          slot = (slot + 1) & (slots.count - 1)
        }
        return nil
      }
    }
  }

  /// Every symbol mentioned, without `CONFIG_`, in the order of the file.
  public var symbols: [String] {
    entries.map {
      String(decoding: bytes[Int($0.name)..<Int($0.name + $0.nameLength)], as: UTF8.self)
    }
  }

  /// Removes the quotes of a string value and the backslashes before `"` and `\`; other values are
  /// returned as they are.
  static func unquote(_ raw: String) -> String {
    guard raw.utf8.count >= 2, raw.hasPrefix("\""), raw.hasSuffix("\"") else { return raw }
    var result = ""
    var escaped = false
    for character in raw.dropFirst().dropLast() {
      if character == "\\", !escaped {
        escaped = true
      } else {
        result.append(character)
        escaped = false
      }
    }
    return result
  }
}

// MARK: - Parsing

extension KernelConfig {
  private typealias Bytes = UnsafeBufferPointer<UInt8>

  @inline(__always)
  private static func isNameByte(_ byte: UInt8) -> Bool {
    (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
      || (byte >= 0x30 && byte <= 0x39) || byte == 0x5f
  }

  @inline(__always)
  private static func begins(_ text: Bytes, _ at: Int, _ end: Int, _ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard end - at >= length else { return false }
    for index in 0..<length where text[at + index] != word.utf8Start[index] { return false }
    return true
  }

  private static func assignment(_ text: Bytes, _ start: Int, _ end: Int) -> Entry? {
    guard begins(text, start, end, "CONFIG_") else { return nil }
    var at = start + 7
    while at < end, isNameByte(text[at]) { at += 1 }
    guard at > start + 7, at < end, text[at] == UInt8(ascii: "=") else { return nil }
    return Entry(
      name: Int32(start + 7), nameLength: Int32(at - start - 7), value: Int32(at + 1),
      valueLength: Int32(end - at - 1))
  }

  private static func notSet(_ text: Bytes, _ start: Int, _ end: Int) -> Entry? {
    guard begins(text, start, end, "# CONFIG_") else { return nil }
    var at = start + 9
    while at < end, isNameByte(text[at]) { at += 1 }
    guard at > start + 9, begins(text, at, end, " is not set"), end - at == 11 else { return nil }
    return Entry(
      name: Int32(start + 9), nameLength: Int32(at - start - 9), value: -1, valueLength: 0)
  }

  private static func header(_ text: Bytes, _ start: Int, _ end: Int) -> (String?, String?) {
    let words = String(decoding: text[start..<end], as: UTF8.self).words()
    guard words.count >= 4, words.suffix(2).elementsEqual(["Kernel", "Configuration"]) else {
      return (nil, nil)
    }
    let version = words[words.count - 3]
    guard version.first?.isNumber == true else { return (nil, nil) }
    let parts = words[1].split(separator: "/")
    return (parts.count == 2 ? String(parts[1]) : nil, version)
  }

  /// FNV-1a.
  @inline(__always)
  private static func hash(_ key: Bytes) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0x7fff_ffff)
  }

  @inline(__always)
  private static func equal(_ text: Bytes, _ entry: Entry, _ key: Bytes) -> Bool {
    guard Int(entry.nameLength) == key.count else { return false }
    let start = Int(entry.name)
    for index in 0..<key.count where text[start + index] != key[index] { return false }
    return true
  }

  private mutating func insert(_ entry: Entry, _ text: Bytes) {
    let start = Int(entry.name)
    let key = UnsafeBufferPointer(rebasing: text[start..<(start + Int(entry.nameLength))])
    var slot = Self.hash(key) & (slots.count - 1)
    while slots[slot] >= 0 {
      if Self.equal(text, entries[Int(slots[slot])], key) {
        entries[Int(slots[slot])] = entry
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(entries.count)
    entries.append(entry)
  }
}
