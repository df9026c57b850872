/// Durations and permission bits, as a recipe writes them.
enum Quantities {
  static let longestTimeout = 7 * 24 * 3600

  /// `60s`, `10m`, `2h`; nil for anything else.
  static func seconds(_ text: String) -> Int? {
    guard let unit = text.utf8.last, let number = wholeNumber(text.dropLast()) else { return nil }
    let factor: Int
    switch unit {
    case UInt8(ascii: "s"): factor = 1
    case UInt8(ascii: "m"): factor = 60
    case UInt8(ascii: "h"): factor = 3600
    default: return nil
    }
    let seconds = number * factor
    return (1...longestTimeout).contains(seconds) ? seconds : nil
  }

  /// Three octal digits, a zero before them or not: no set-id bit comes from a recipe.
  static func mode(_ text: String) -> UInt32? {
    let digits = text.utf8.count == 4 && text.hasPrefix("0") ? String(text.dropFirst()) : text
    guard digits.utf8.count == 3, digits.utf8.allSatisfy({ (48...55).contains($0) }) else {
      return nil
    }
    return UInt32(digits, radix: 8)
  }

  private static func wholeNumber(_ text: Substring) -> Int? {
    guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Int(text)
  }
}
