/// The end of what a program printed, short enough for a sentence: why it failed stands there, more
/// often than not.
struct LastWords {
  private static let lines = 3
  private static let characters = 400
  private var end = RingBuffer(capacity: 1 << 10)

  mutating func take(_ output: [UInt8]) { end.append(output[...]) }

  /// Begins with a whole word.
  private static func end(of words: String) -> String {
    guard words.count > characters else { return words }
    let kept = words.suffix(characters)
    return "…" + (kept.firstIndex(of: " ").map { kept[$0...] } ?? kept)
  }

  /// A sentence with a space before it; empty where nothing was printed. Drives no terminal.
  var sentence: String {
    let lines = String(decoding: end.contents, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.split(separator: " ").joined(separator: " ") }
      .filter { !$0.isEmpty }
    guard !lines.isEmpty else { return "" }
    let words = lines.suffix(Self.lines).joined(separator: " ")
    return " It said last: " + StepWording.printable(Self.end(of: words))
  }
}
