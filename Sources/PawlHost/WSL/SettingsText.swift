import PawlModel

/// A text of Windows or Linux as units of its own encoding, so that what is not edited comes out as it
/// went in: UTF-8, UTF-16 with its mark, or an 8-bit code page of which only ASCII is looked at.
struct SettingsText: Sendable, Equatable {
  private enum Encoding: Sendable, Equatable {
    case utf8, utf16LittleEndian, utf16BigEndian, codePage
  }

  private let encoding: Encoding
  private let mark: [UInt8]
  private let standardLineEnd: String
  /// Bytes, or the units of UTF-16.
  private var units: [UInt16]

  init(bytes: [UInt8], standardLineEnd: String = "\r\n") throws(PawlError) {
    self.standardLineEnd = standardLineEnd
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      guard bytes.count % 2 == 0 else {
        throw PawlError(.noInput, "The file is UTF-16 and ends in the middle of a character.")
      }
      let isLittle = bytes[0] == 0xff
      encoding = isLittle ? .utf16LittleEndian : .utf16BigEndian
      mark = Array(bytes[..<2])
      units = stride(from: 2, to: bytes.count, by: 2).map { at in
        let (first, second) = (UInt16(bytes[at]), UInt16(bytes[at + 1]))
        return isLittle ? first | second << 8 : first << 8 | second
      }
      return
    }
    guard !bytes.contains(0) else {
      throw PawlError(
        .noInput, "The file holds NUL bytes: it is no text, or UTF-16 without its mark.",
        hint: "Save it as UTF-8.")
    }
    let hasMark = bytes.starts(with: [0xef, 0xbb, 0xbf])
    mark = hasMark ? [0xef, 0xbb, 0xbf] : []
    let rest = bytes.dropFirst(mark.count)
    encoding = String(validating: rest, as: UTF8.self) == nil ? .codePage : .utf8
    units = rest.map(UInt16.init)
  }

  var bytes: [UInt8] {
    switch encoding {
    case .utf8, .codePage: mark + units.map { UInt8(truncatingIfNeeded: $0) }
    case .utf16LittleEndian:
      mark + units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    case .utf16BigEndian:
      mark + units.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }
  }

  var isEmpty: Bool { units.isEmpty }
  var count: Int { units.count }

  // MARK: - Looking

  struct LineRange {
    var lowerBound: Int
    /// Without the line end.
    var upperBound: Int
    /// With it.
    var end: Int
  }

  var lines: [LineRange] {
    var found: [LineRange] = []
    var start = 0
    while start < units.count {
      let newline = units[start...].firstIndex(of: Self.newline)
      let end = newline.map { $0 + 1 } ?? units.count
      var upper = newline ?? units.count
      if upper > start, units[upper - 1] == Self.carriageReturn { upper -= 1 }
      found.append(LineRange(lowerBound: start, upperBound: upper, end: end))
      start = end
    }
    return found
  }

  /// A code page's own letters come out as something that no name holds.
  func string(_ range: Range<Int>) -> String {
    switch encoding {
    case .utf8: String(decoding: units[range].map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    case .codePage: String(String.UnicodeScalarView(units[range].compactMap { Unicode.Scalar($0) }))
    case .utf16LittleEndian, .utf16BigEndian: String(decoding: units[range], as: UTF16.self)
    }
  }

  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower < upper, Self.isBlank(units[lower]) { lower += 1 }
    while upper > lower, Self.isBlank(units[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  func first(of character: Character, in range: Range<Int>) -> Int? {
    let wanted = character.asciiValue.map(UInt16.init)
    return units[range].firstIndex { $0 == wanted }
  }

  /// Up to a comment that is not within quotes.
  func endOfValue(in range: Range<Int>) -> Int {
    var isQuoted = false
    for at in range {
      if units[at] == UInt16(UInt8(ascii: "\"")) { isQuoted.toggle() }
      if units[at] == UInt16(UInt8(ascii: "#")), !isQuoted { return at }
    }
    return range.upperBound
  }

  // MARK: - Changing

  mutating func replace(_ range: Range<Int>, with text: String) throws(PawlError) {
    units.replaceSubrange(range, with: try encoded(text))
  }

  mutating func remove(_ range: Range<Int>) { units.removeSubrange(range) }

  /// Where the line before has no end, it gets one.
  mutating func insertLine(_ line: String, at place: Int) throws(PawlError) {
    let end = try encoded(lineEnd)
    let needsEnd = place > 0 && units[place - 1] != Self.newline
    units.insert(contentsOf: (needsEnd ? end : []) + (try encoded(line)) + end, at: place)
  }

  /// As the first line has it.
  private var lineEnd: String {
    guard let newline = units.firstIndex(of: Self.newline) else {
      return standardLineEnd
    }
    return newline > 0 && units[newline - 1] == Self.carriageReturn ? "\r\n" : "\n"
  }

  private func encoded(_ text: String) throws(PawlError) -> [UInt16] {
    switch encoding {
    case .utf8: return text.utf8.map(UInt16.init)
    case .utf16LittleEndian, .utf16BigEndian: return Array(text.utf16)
    case .codePage:
      guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
        throw PawlError(
          .refused,
          "The file is in a code page that Pawl does not know, and \"\(text)\" has letters "
            + "that it may not have.", hint: "Save the file as UTF-8 first.")
      }
      return text.utf8.map(UInt16.init)
    }
  }

  private static let newline = UInt16(UInt8(ascii: "\n"))
  private static let carriageReturn = UInt16(UInt8(ascii: "\r"))

  private static func isBlank(_ unit: UInt16) -> Bool {
    unit == 0x20 || unit == 0x09 || unit == 0x0d
  }
}
