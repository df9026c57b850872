import Foundation
import PawlModel

/// What a verb answers: the same value as text for people or as one JSON document for programs.
/// The text may change between versions; the JSON only grows within its schema number.
protocol Answer: Encodable {
  /// `pawl.status/1`, say.
  static var schema: String { get }
  var text: String { get }
}

enum Output {
  /// Answers go to standard output; progress and warnings go to standard error.
  static func answer(_ answer: some Answer, json: Bool) throws {
    print(json ? try self.json(answer) : answer.text)
  }

  /// One line, keys sorted behind `schema`, which always comes first.
  static func json(_ answer: some Answer) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body = String(decoding: try encoder.encode(answer), as: UTF8.self)
    let head = "{\"schema\":\"\(type(of: answer).schema)\""
    return body == "{}" ? head + "}" : head + "," + body.dropFirst()
  }

  /// A window that is gone or full is no reason to end: what cannot be written is left out.
  static func write(_ bytes: [UInt8], to window: FileHandle) {
    try? window.write(contentsOf: Data(bytes))
  }

  static func progress(_ line: String) {
    write(Array((line + "\n").utf8), to: .standardError)
  }
}
