import PawlModel

/// The auxiliary data vector of extlinux: 512 bytes, twice, at the end of `ldlinux.sys`, which the
/// loader reads and writes itself (syslinux: libinstaller/setadv.c).
struct ExtlinuxADV {
  static let size = 512
  private static let head: UInt32 = 0x5a2d_2fa5
  private static let sum: UInt32 = 0xa304_1767
  private static let tail: UInt32 = 0xdd28_bf64
  private static let bootOnce: UInt8 = 1
  private static let menuSave: UInt8 = 2

  private var items: [UInt8: [UInt8]] = [:]

  /// A command line: a label, and perhaps more.
  var onceCommand: String? { text(Self.bootOnce) }
  /// The label that a menu with MENU SAVE starts.
  var savedLabel: String? { text(Self.menuSave) }

  /// The first copy that is whole; nil where neither is, and the loader takes it for empty.
  init?(endOf file: [UInt8]) {
    guard file.count >= 2 * Self.size else { return nil }
    let copies = file.suffix(2 * Self.size)
    guard
      let copy = [copies.prefix(Self.size), copies.suffix(Self.size)]
        .first(where: { Self.isWhole(Array($0)) })
    else { return nil }
    read(Array(copy.dropFirst(8).dropLast(4)))
  }

  private mutating func read(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while let tag = rest.popFirst(), tag != 0, let length = rest.popFirst() {
      guard rest.count >= Int(length) else { return }
      items[tag] = Array(rest.prefix(Int(length)))
      rest = rest.dropFirst(Int(length))
    }
  }

  private static func isWhole(_ copy: [UInt8]) -> Bool {
    let words = stride(from: 0, to: size, by: 4).map { at in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(copy[at + $1]) << UInt32(8 * $1) }
    }
    return words.first == head && words.last == tail
      && words.dropFirst().dropLast().reduce(0, &+) == sum
  }

  private func text(_ tag: UInt8) -> String? {
    items[tag].flatMap { $0.isEmpty ? nil : String(decoding: $0, as: UTF8.self) }
  }
}
