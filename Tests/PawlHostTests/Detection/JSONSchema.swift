import Foundation

/// As much of JSON Schema (2020-12) as the schemas of the project use: `type`, `enum`, `anyOf`,
/// `required`, `properties`, `additionalProperties`, `items`.
enum JSONSchema {
  /// What does not fit, each with its place; empty where all does.
  static func faults(_ value: Any, _ schema: Any, at place: String = "$") -> [String] {
    guard let schema = schema as? [String: Any] else {
      return schema as? Bool == false ? ["\(place) is not allowed"] : []
    }
    if let choices = schema["anyOf"] as? [Any] {
      let tried = choices.map { faults(value, $0, at: place) }
      return tried.contains([]) ? [] : tried.min { $0.count < $1.count } ?? []
    }
    if let allowed = schema["enum"] as? [Any] {
      let fits = allowed.contains { ($0 as? NSObject) == (value as? NSObject) }
      return fits ? [] : ["\(place) is \(value), none of \(allowed)"]
    }
    if let type = schema["type"] {
      let names = (type as? [String]) ?? [type as? String].compactMap { $0 }
      guard names.contains(where: { isOfType(value, $0) }) else {
        return ["\(place) is not of the type \(names.joined(separator: ", "))"]
      }
    }
    if let object = value as? [String: Any] { return faults(object, schema, at: place) }
    guard let list = value as? [Any], let items = schema["items"] else { return [] }
    return list.enumerated().flatMap { faults($0.element, items, at: "\(place)[\($0.offset)]") }
  }

  private static func faults(
    _ object: [String: Any], _ schema: [String: Any], at place: String
  ) -> [String] {
    let properties = schema["properties"] as? [String: Any] ?? [:]
    let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }
    return missing.map { "\(place).\($0) is missing" }
      + object.sorted { $0.key < $1.key }.flatMap { key, value in
        faults(
          value, properties[key] ?? schema["additionalProperties"] ?? true, at: "\(place).\(key)")
      }
  }

  private static func isOfType(_ value: Any, _ name: String) -> Bool {
    switch name {
    case "null": value is NSNull
    case "string": value is String
    case "boolean": JSONValue.isBool(value)
    case "integer": value is NSNumber && !JSONValue.isBool(value)
    case "array": value is [Any]
    case "object": value is [String: Any]
    default: false
    }
  }
}

enum JSONValue {
  /// The text of the value that a path of keys and indices leads to; `count` is the length of a list.
  static func at(_ path: [String], in value: Any) -> String? {
    guard let key = path.first else { return text(value) }
    if let object = value as? [String: Any] {
      return object[key].flatMap { at(Array(path.dropFirst()), in: $0) }
    }
    guard let list = value as? [Any] else { return nil }
    if key == "count" { return String(list.count) }
    guard let index = Int(key), list.indices.contains(index) else { return nil }
    return at(Array(path.dropFirst()), in: list[index])
  }

  static func isBool(_ value: Any) -> Bool {
    (value as? NSNumber).map { isOfTypeChar($0) } ?? false
  }

  private static func text(_ value: Any) -> String? {
    if value is NSNull { return "null" }
    if let text = value as? String { return text }
    guard let number = value as? NSNumber else { return nil }
    return isBool(value) ? (number.boolValue ? "true" : "false") : number.stringValue
  }

  /// A number of `true` and `false` is of the type char.
  private static func isOfTypeChar(_ number: NSNumber) -> Bool {
    String(cString: number.objCType) == "c"
  }
}
