/// A piece of a recipe that may hold `{{name}}`, and where it stands.
public struct Text: Hashable, Sendable {
  public var raw: String
  public var position: Position

  public init(_ raw: String, at position: Position = .start) {
    self.raw = raw
    self.position = position
  }

  enum Piece: Hashable {
    case literal(String)
    case name(String)
  }

  /// nil where a `{{` is not closed or what stands in it is no name.
  var pieces: [Piece]? {
    var found: [Piece] = []
    var rest = Substring(raw)
    while let open = rest.range(of: "{{") {
      if open.lowerBound > rest.startIndex {
        found.append(.literal(String(rest[..<open.lowerBound])))
      }
      guard let close = rest[open.upperBound...].range(of: "}}") else { return nil }
      let name = rest[open.upperBound..<close.lowerBound].trimmingSpaces
      guard Text.isName(name) else { return nil }
      found.append(.name(name))
      rest = rest[close.upperBound...]
    }
    if !rest.isEmpty { found.append(.literal(String(rest))) }
    return found
  }

  var names: [String] {
    (pieces ?? []).compactMap { piece in
      switch piece {
      case .name(let name): name
      case .literal: nil
      }
    }
  }

  /// The name, where `{{name}}` is all there is: only then may it stand for a list.
  var onlyName: String? {
    guard let pieces, pieces.count == 1, case .name(let name) = pieces[0] else { return nil }
    return name
  }

  var hasNames: Bool { raw.range(of: "{{") != nil }

  /// Lower-case letters, digits and `_`, beginning with a letter.
  static func isName(_ text: some StringProtocol) -> Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = text.utf8.first, letters.contains(first) else { return false }
    return text.utf8.allSatisfy {
      letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_")
    }
  }
}

extension StringProtocol {
  /// On bytes, since `dropLast` of strings in general counts all the others first.
  var trimmingSpaces: String {
    let isText = { (byte: UInt8) in byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") }
    let bytes = Array(utf8)
    guard let start = bytes.firstIndex(where: isText), let end = bytes.lastIndex(where: isText)
    else { return "" }
    return String(decoding: bytes[start...end], as: UTF8.self)
  }
}
