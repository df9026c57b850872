/// Notes as ELF files and `/sys/kernel/notes` hold them (elf(5), "Notes"): three 32-bit numbers
/// (length of name, length of content, type), then name and content, each padded.
enum ELFNotes {
  /// The content of the note `GNU`, type 3, in lowercase hex; nil where there is none. Total on
  /// garbage.
  /// - Parameter alignment: of the section or segment; 8 pads to 8 bytes, everything else to 4.
  static func buildID(in bytes: [UInt8], isLittleEndian: Bool, alignment: Int = 4) -> String? {
    let numbers = ELFNumbers(bytes: bytes, isLittleEndian: isLittleEndian)
    let padding = alignment == 8 ? 8 : 4
    var at = 0
    while let nameSize = numbers.word(at), let size = numbers.word(at + 4),
      let type = numbers.word(at + 8)
    {
      let content = padded(at + 12 + nameSize, padding)
      guard content + size <= bytes.count else { return nil }
      if type == 3, nameSize == 4, bytes[(at + 12)..<(at + 16)].elementsEqual(gnu),
        (1...64).contains(size)
      {
        return hex(bytes[content..<(content + size)])
      }
      at = padded(content + size, padding)
    }
    return nil
  }

  private static let gnu: [UInt8] = Array("GNU".utf8) + [0]

  private static func padded(_ offset: Int, _ padding: Int) -> Int {
    (offset + padding - 1) / padding * padding
  }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// Numbers at offsets of a buffer, in either byte order; nil beyond its end.
struct ELFNumbers {
  let bytes: [UInt8]
  let isLittleEndian: Bool

  func half(_ at: Int) -> Int? { number(at, 2) }

  func word(_ at: Int) -> Int? { number(at, 4) }

  /// nil too where it is no possible place in a file.
  func long(_ at: Int) -> Int? { number(at, 8) }

  private func number(_ at: Int, _ size: Int) -> Int? {
    guard at >= 0, at <= bytes.count - size else { return nil }
    var value: UInt64 = 0
    for index in 0..<size {
      value = value << 8 | UInt64(bytes[at + (isLittleEndian ? size - 1 - index : index)])
    }
    return Int(exactly: value)
  }
}
