/// The order of versions in which systemd-boot puts its entries (UAPI.10, version format
/// specification): `~` before the end, the end before `-`, `-` before `^`, `^` before `.`, numbers
/// after words.
enum VersionOrder {
  /// Less than, equal to or greater than 0.
  static func compare(_ one: String, _ other: String) -> Int {
    var (left, right) = (Array(one.utf8)[...], Array(other.utf8)[...])
    while true {
      left = left.drop { !isPart($0) }
      right = right.drop { !isPart($0) }
      if let order = separator("~", &left, &right) { return order }
      if left.isEmpty || right.isEmpty { return rank(!left.isEmpty, !right.isEmpty) }
      for sign in ["-", "^", "."] as [Unicode.Scalar] {
        if let order = separator(sign, &left, &right) { return order }
      }
      if let order = segment(&left, &right) { return order }
    }
  }

  /// What begins with the sign is older; where both do, it is passed.
  private static func separator(
    _ sign: Unicode.Scalar, _ left: inout ArraySlice<UInt8>, _ right: inout ArraySlice<UInt8>
  ) -> Int? {
    let byte = UInt8(ascii: sign)
    guard left.first == byte || right.first == byte else { return nil }
    let order = rank(left.first != byte, right.first != byte)
    if order != 0 { return order }
    left = left.dropFirst()
    right = right.dropFirst()
    return nil
  }

  private static func segment(
    _ left: inout ArraySlice<UInt8>, _ right: inout ArraySlice<UInt8>
  ) -> Int? {
    let isNumber = left.first.map(isDigit) ?? false || right.first.map(isDigit) ?? false
    let kind = isNumber ? isDigit : isLetter
    let (one, other) = (left.prefix(while: kind), right.prefix(while: kind))
    left = left.dropFirst(one.count)
    right = right.dropFirst(other.count)
    if isNumber {
      if one.isEmpty != other.isEmpty { return rank(!one.isEmpty, !other.isEmpty) }
      return number(one.drop { $0 == zero }, other.drop { $0 == zero })
    }
    let common = min(one.count, other.count)
    return lexical(one.prefix(common), other.prefix(common))
      ?? (one.count == other.count ? nil : one.count - other.count)
  }

  private static func number(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Int? {
    one.count == other.count ? lexical(one, other) : one.count - other.count
  }

  private static func lexical(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Int? {
    if one.elementsEqual(other) { return nil }
    return one.lexicographicallyPrecedes(other) ? -1 : 1
  }

  private static func rank(_ one: Bool, _ other: Bool) -> Int { (one ? 1 : 0) - (other ? 1 : 0) }

  private static let zero = UInt8(ascii: "0")

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || "~-^.".utf8.contains(byte)
  }
}
