/// A value of Kconfig's three-valued logic.
enum Tristate: Int, Sendable, Comparable, CustomStringConvertible {
  case n = 0
  case m = 1
  case y = 2

  static func < (left: Tristate, right: Tristate) -> Bool { left.rawValue < right.rawValue }

  var description: String {
    switch self {
    case .n: "n"
    case .m: "m"
    case .y: "y"
    }
  }
}

extension KernelConfig {
  /// A symbol as the final configuration has it, in three-valued logic: what is not written is n.
  func tristate(_ symbol: String) -> Tristate {
    switch state(symbol) {
    case .y: .y
    case .m: .m
    case .n, .absent, .unreadable, .value: .n
    }
  }
}

extension KconfigExpression {
  /// What the expression is worth under a finished configuration; nil where it hangs on a macro that
  /// only the build can answer.
  func evaluate(_ config: KernelConfig) -> Tristate? {
    switch self {
    case .symbol("y"): return .y
    case .symbol("m"): return config.tristate("MODULES") == .n ? .n : .m
    case .symbol("n"): return .n
    case .symbol(let name): return config.tristate(name)
    case .constant(let text): return text.contains("$(") ? nil : Self.letters[text] ?? .n
    case .macro: return nil
    case .not(let inner):
      switch inner.evaluate(config) {
      case .y: return .n
      case .m: return .m
      case .n: return .y
      case nil: return nil
      }
    case .and(let left, let right):
      let (one, other) = (left.evaluate(config), right.evaluate(config))
      if one == .n || other == .n { return .n }
      guard let one, let other else { return nil }
      return min(one, other)
    case .or(let left, let right):
      let (one, other) = (left.evaluate(config), right.evaluate(config))
      if one == .y || other == .y { return .y }
      guard let one, let other else { return nil }
      return max(one, other)
    case .compare(let left, let sign, let right):
      guard let one = left.operand(config), let other = right.operand(config) else { return nil }
      return Self.compare(one, sign, other) ? .y : .n
    }
  }

  private static let letters: [String: Tristate] = ["y": .y, "m": .m, "n": .n]

  /// The text of one side of a comparison; a name the configuration does not know stands for itself
  /// when it looks like a number, else for `n`.
  private func operand(_ config: KernelConfig) -> String? {
    switch self {
    case .constant(let text): return text.contains("$(") ? nil : text
    case .macro: return nil
    case .symbol(let name):
      if Self.letters[name] != nil { return name }
      switch config.state(name) {
      case .y: return "y"
      case .m: return "m"
      case .value(let text): return text
      case .n, .absent, .unreadable: return Self.number(name) != nil ? name : "n"
      }
    case .not, .and, .or, .compare: return evaluate(config)?.description
    }
  }

  private static func compare(_ one: String, _ sign: String, _ other: String) -> Bool {
    let order: Int
    if let x = number(one), let y = number(other) {
      order = x < y ? -1 : (x == y ? 0 : 1)
    } else if let x = letters[one], let y = letters[other] {
      order = x < y ? -1 : (x == y ? 0 : 1)
    } else {
      order = one < other ? -1 : (one == other ? 0 : 1)
    }
    switch sign {
    case "=": return order == 0
    case "!=": return order != 0
    case "<": return order < 0
    case "<=": return order <= 0
    case ">": return order > 0
    case ">=": return order >= 0
    default: return false
    }
  }

  private static func number(_ text: String) -> Int? {
    text.hasPrefix("0x") || text.hasPrefix("0X")
      ? Int(text.dropFirst(2), radix: 16) : Int(text)
  }
}
