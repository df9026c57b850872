/// The end of what a program printed, short enough for a sentence: why it failed stands there, more
/// often than not.
struct LastWords {
  private static let lines = 3
  private static let characters = 400
  private var end = RingBuffer(capacity: 1 << 11)

  /// Each make says which folder it leaves, and that the one below it failed: the reason stands above.
  private static func isOnlyOfMake(_ line: String) -> Bool {
    guard line.hasPrefix("make: ") || line.hasPrefix("make[") else { return false }
    return [": Leaving directory ", ": *** [", ": *** Waiting for "].contains(where: line.contains)
  }

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
    let telling = lines.filter { !Self.isOnlyOfMake($0) }
    let words = (telling.isEmpty ? lines : telling).suffix(Self.lines).joined(separator: " ")
    return " It said last: " + StepWording.printable(Self.end(of: words))
  }
}
