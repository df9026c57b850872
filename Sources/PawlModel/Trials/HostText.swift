/// Text that a host's files and programs say, made fit to be shown and kept: bounded, and unable to
/// drive the terminal that it is shown on.
public enum HostText {
  /// One line: what is not plainly visible is written as a number, and what goes beyond `limit`
  /// Unicode scalars of the original is cut off with `…`.
  public static func line(_ text: String, limit: Int = 200) -> String {
    shown(text, limit: limit) { _ in false }
  }

  /// Several lines: line ends and tabs stay as they are.
  public static func lines(_ text: String, limit: Int = 65_536) -> String {
    shown(text, limit: limit) { $0 == "\n" || $0 == "\t" }
  }

  /// Names for a sentence: `a, b and 3 more`.
  public static func list(_ names: some Collection<String>, limit: Int = 8) -> String {
    let shown = names.prefix(limit).map { line($0, limit: 80) }
    let rest = names.count - shown.count
    if rest > 0 { return shown.joined(separator: ", ") + " and \(rest) more" }
    guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
    return shown.dropLast().joined(separator: ", ") + " and " + last
  }

  private static func shown(
    _ text: String, limit: Int, keeping: (Unicode.Scalar) -> Bool
  ) -> String {
    var shown = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < limit else {
        shown.append("…")
        break
      }
      count += 1
      if keeping(scalar) { shown.append(scalar) } else { append(scalar, to: &shown) }
    }
    return String(shown)
  }

  private static func append(_ scalar: Unicode.Scalar, to shown: inout String.UnicodeScalarView) {
    switch scalar.properties.generalCategory {
    case .control:
      let digits = String(scalar.value, radix: 16)
      shown.append(contentsOf: ("\\x" + (digits.count < 2 ? "0" : "") + digits).unicodeScalars)
    case .format, .lineSeparator, .paragraphSeparator:
      shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
    default: shown.append(scalar)
    }
  }
}
