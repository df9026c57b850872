import Foundation
import Testing

/// A parsed answer, asked for what has to be in it.
struct JSON {
  private let value: Any

  init(_ text: String) throws {
    value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  private init(value: Any) { self.value = value }

  subscript(key: String) -> JSON {
    get throws {
      let found = (value as? [String: Any])?[key]
      return JSON(value: try #require(found, "no \(key) in \(value)"))
    }
  }

  func has(_ key: String) -> Bool { (value as? [String: Any])?[key] != nil }

  var keys: Set<String> { Set((value as? [String: Any] ?? [:]).keys) }
  var isNull: Bool { value is NSNull }
  var list: [JSON] {
    get throws { try #require(value as? [Any], "\(value) is no list").map { JSON(value: $0) } }
  }
  func item(_ index: Int) throws -> JSON {
    try #require(try list.dropFirst(index).first, "no item \(index) in \(value)")
  }
  var string: String {
    get throws { try #require(value as? String, "\(value) is no text") }
  }
  var strings: [String] { get throws { try list.map { try $0.string } } }
  var int: Int {
    get throws { try #require(value as? Int, "\(value) is no number") }
  }
  var bool: Bool {
    get throws { try #require(value as? Bool, "\(value) is no truth value") }
  }
}
