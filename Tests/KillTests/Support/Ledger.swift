import Foundation

/// What steps themselves wrote down of their beginning and end, outside the journal.
struct Ledger {
  struct Line: Equatable {
    enum Kind: String { case start, end }
    var kind: Kind
    var step: String
    var attempt: Int
  }

  let path: String

  typealias Lines = [Line]

  var lines: Lines {
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 3, let kind = Line.Kind(rawValue: words[0]), let attempt = Int(words[2])
      else { return nil }
      return Line(kind: kind, step: words[1], attempt: attempt)
    }
  }

  func has(_ kind: Line.Kind, _ step: String) -> Bool { lines.has(kind, step) }
}

extension Ledger.Lines {
  func has(_ kind: Ledger.Line.Kind, _ step: String, attempt: Int? = nil) -> Bool {
    contains { $0.kind == kind && $0.step == step && attempt ?? $0.attempt == $0.attempt }
  }
}
