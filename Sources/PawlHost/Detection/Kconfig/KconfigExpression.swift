/// A condition of the Kconfig language: what stands after `depends on` and `if`.
indirect enum KconfigExpression: Sendable, Equatable {
  case symbol(String)
  /// A quoted constant.
  case constant(String)
  /// `$(cc-option,…)` and the like: known only to the build that runs it.
  case macro(String)
  case not(KconfigExpression)
  case and(KconfigExpression, KconfigExpression)
  case or(KconfigExpression, KconfigExpression)
  case compare(KconfigExpression, String, KconfigExpression)

  /// Parses an expression; nil when it has not the shape of one. `depends on A if B` means that A
  /// counts only where B holds.
  static func parse(_ text: String) -> KconfigExpression? {
    var parser = Parser(tokens: tokens(text))
    guard let first = parser.disjunction() else { return nil }
    if parser.at == parser.tokens.count { return first }
    guard parser.tokens[parser.at] == .word("if") else { return nil }
    parser.at += 1
    guard let condition = parser.disjunction(), parser.at == parser.tokens.count else { return nil }
    return .or(first, .not(condition))
  }

  /// Parses what stands before a top-level `if` and the condition after it apart, as in
  /// `select X if Y` and `bool "Prompt" if Y`.
  static func splitCondition(_ text: String) -> (head: String, condition: String?) {
    var quote: Character?
    var depth = 0
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      if let open = quote {
        if character == "\\" {
          index = text.index(after: index)
          if index == text.endIndex { break }
        } else if character == open {
          quote = nil
        }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "(" {
        depth += 1
      } else if character == ")" {
        depth -= 1
      } else if depth == 0, character == " " || character == "\t" {
        let rest = text[index...].drop { $0 == " " || $0 == "\t" }
        if rest.hasPrefix("if "), rest.startIndex > text.startIndex {
          return (
            text[..<index].trimmingWhitespace(), rest.dropFirst(3).trimmingWhitespace()
          )
        }
      }
      index = text.index(after: index)
    }
    return (text.trimmingWhitespace(), nil)
  }
}

// MARK: - Tokens and grammar

extension KconfigExpression {
  enum Token: Equatable {
    case word(String)
    case quoted(String)
    case macro(String)
    case sign(String)
  }

  static func tokens(_ text: String) -> [Token] {
    let bytes = Array(text.utf8)
    var tokens: [Token] = []
    var at = 0
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    while at < bytes.count {
      let byte = bytes[at]
      let next = at + 1 < bytes.count ? bytes[at + 1] : 0
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"): at += 1
      case UInt8(ascii: "#"): return tokens
      case UInt8(ascii: "("), UInt8(ascii: ")"):
        tokens.append(.sign(string(at..<(at + 1))))
        at += 1
      case UInt8(ascii: "&"), UInt8(ascii: "|"):
        tokens.append(.sign(string(at..<min(at + 2, bytes.count))))
        at += 2
      case UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="):
        let length = next == UInt8(ascii: "=") && byte != UInt8(ascii: "=") ? 2 : 1
        tokens.append(.sign(string(at..<(at + length))))
        at += length
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        var end = at + 1
        var value: [UInt8] = []
        while end < bytes.count, bytes[end] != byte {
          if bytes[end] == UInt8(ascii: "\\"), end + 1 < bytes.count { end += 1 }
          value.append(bytes[end])
          end += 1
        }
        tokens.append(.quoted(String(decoding: value, as: UTF8.self)))
        at = end + 1
      case UInt8(ascii: "$") where next == UInt8(ascii: "("):
        var depth = 0
        var end = at + 1
        repeat {
          if bytes[end] == UInt8(ascii: "(") { depth += 1 }
          if bytes[end] == UInt8(ascii: ")") { depth -= 1 }
          end += 1
        } while depth > 0 && end < bytes.count
        tokens.append(.macro(string(at..<end)))
        at = end
      default:
        var end = at
        while end < bytes.count, isWord(bytes[end]) { end += 1 }
        if end == at {
          tokens.append(.sign(string(at..<(at + 1))))
          at += 1
        } else {
          tokens.append(.word(string(at..<end)))
          at = end
        }
      }
    }
    return tokens
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2d, 0x2e, 0x2f: true
    default: byte >= 0x80
    }
  }

  private struct Parser {
    var tokens: [Token]
    var at = 0

    mutating func accept(_ sign: String) -> Bool {
      guard at < tokens.count, tokens[at] == .sign(sign) else { return false }
      at += 1
      return true
    }

    mutating func disjunction() -> KconfigExpression? {
      guard var left = conjunction() else { return nil }
      while accept("||") {
        guard let right = conjunction() else { return nil }
        left = .or(left, right)
      }
      return left
    }

    mutating func conjunction() -> KconfigExpression? {
      guard var left = factor() else { return nil }
      while accept("&&") {
        guard let right = factor() else { return nil }
        left = .and(left, right)
      }
      return left
    }

    mutating func factor() -> KconfigExpression? {
      if accept("!") { return factor().map { .not($0) } }
      if accept("(") {
        guard let inner = disjunction(), accept(")") else { return nil }
        return inner
      }
      guard let left = operand() else { return nil }
      for sign in ["=", "!=", "<=", ">=", "<", ">"] where accept(sign) {
        return operand().map { .compare(left, sign, $0) }
      }
      return left
    }

    mutating func operand() -> KconfigExpression? {
      guard at < tokens.count else { return nil }
      defer { at += 1 }
      switch tokens[at] {
      case .word(let name): return .symbol(name)
      case .quoted(let text): return .constant(text)
      case .macro(let text): return .macro(text)
      case .sign: return nil
      }
    }
  }
}

// MARK: - Text

extension KconfigExpression: CustomStringConvertible {
  var description: String {
    switch self {
    case .symbol(let name): name
    case .constant(let text): "\"\(text)\""
    case .macro(let text): text
    case .not(.symbol(let name)): "!\(name)"
    case .not(let inner): "!(\(inner))"
    case .and(let left, let right): "\(Self.inAnd(left)) && \(Self.inAnd(right))"
    case .or(let left, let right): "\(left) || \(right)"
    case .compare(let left, let sign, let right): "\(left)\(sign)\(right)"
    }
  }

  private static func inAnd(_ part: KconfigExpression) -> String {
    if case .or = part { return "(\(part))" }
    return "\(part)"
  }

  /// The symbols it mentions, in order, each once; `y`, `m` and `n` are constants.
  var symbols: [String] {
    var names: [String] = []
    func visit(_ expression: KconfigExpression) {
      switch expression {
      case .symbol(let name):
        if !["y", "m", "n"].contains(name), !names.contains(name), Int(name) == nil {
          names.append(name)
        }
      case .constant, .macro: break
      case .not(let inner): visit(inner)
      case .and(let left, let right), .or(let left, let right), .compare(let left, _, let right):
        visit(left)
        visit(right)
      }
    }
    visit(self)
    return names
  }

  /// The parts that all have to hold.
  var conjuncts: [KconfigExpression] {
    if case .and(let left, let right) = self { return left.conjuncts + right.conjuncts }
    return [self]
  }
}
