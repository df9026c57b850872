/// The scalars that one place of a pattern takes.
struct ScalarSet: Hashable, Sendable {
  var ranges: [ClosedRange<UInt32>]
  var isNegated = false

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) } != isNegated
  }

  static func one(_ scalar: Unicode.Scalar) -> ScalarSet {
    ScalarSet(ranges: [scalar.value...scalar.value])
  }

  static let digits = ScalarSet(ranges: [48...57])
  static let word = ScalarSet(ranges: [48...57, 65...90, 95...95, 97...122])
  static let space = ScalarSet(ranges: [9...13, 32...32])
  static let anything = ScalarSet(ranges: [10...10], isNegated: true)
}

indirect enum PatternTree {
  case one(ScalarSet)
  case start, end
  case sequence([PatternTree])
  case choice(PatternTree, PatternTree)
  case repeated(PatternTree, Int, Int?)
}

/// Recursive descent over a pattern's scalars, bounded in depth and repetition.
struct PatternParser {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var depth = 0

  init(_ source: String) { scalars = Array(source.unicodeScalars.prefix(501)) }

  mutating func parse() throws(PatternProblem) -> PatternTree {
    guard scalars.count <= 500 else { throw PatternProblem("it has more than 500 characters") }
    let tree = try choice()
    guard index == scalars.count else { throw PatternProblem("a `)` has no `(`") }
    return tree
  }

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    index += 1
    return true
  }

  private mutating func choice() throws(PatternProblem) -> PatternTree {
    depth += 1
    defer { depth -= 1 }
    guard depth < 40 else { throw PatternProblem("its groups are nested too deeply") }
    var tree = try sequence()
    while take("|") { tree = .choice(tree, try sequence()) }
    return tree
  }

  private mutating func sequence() throws(PatternProblem) -> PatternTree {
    var parts: [PatternTree] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      parts.append(try repetition(of: try atom()))
    }
    return .sequence(parts)
  }

  private mutating func repetition(of atom: PatternTree) throws(PatternProblem) -> PatternTree {
    let tree: PatternTree
    switch next {
    case "*": tree = .repeated(atom, 0, nil)
    case "+": tree = .repeated(atom, 1, nil)
    case "?": tree = .repeated(atom, 0, 1)
    case "{": return try counted(atom)
    default: return atom
    }
    index += 1
    return tree
  }

  private mutating func counted(_ atom: PatternTree) throws(PatternProblem) -> PatternTree {
    index += 1
    let least = try number() ?? 0
    let most: Int? = take(",") ? try number() : least
    guard take("}"), least <= most ?? least else {
      throw PatternProblem("a `{` is not followed by `m}`, `m,}` or `m,n}`")
    }
    return .repeated(atom, least, most)
  }

  private mutating func number() throws(PatternProblem) -> Int? {
    var value: Int?
    while let scalar = next, ScalarSet.digits.contains(scalar) {
      value = (value ?? 0) * 10 + Int(scalar.value - 48)
      index += 1
      guard value ?? 0 <= 255 else { throw PatternProblem("it repeats more than 255 times") }
    }
    return value
  }

  private mutating func atom() throws(PatternProblem) -> PatternTree {
    guard let scalar = next else { return .sequence([]) }
    index += 1
    switch scalar {
    case "^": return .start
    case "$": return .end
    case ".": return .one(.anything)
    case "(": return try group()
    case "[": return .one(try characterClass())
    case "\\": return .one(try escape())
    case "*", "+", "?", "{": throw PatternProblem("`\(scalar)` has nothing to repeat")
    default: return .one(.one(scalar))
    }
  }

  private mutating func group() throws(PatternProblem) -> PatternTree {
    if take("?"), !take(":") { throw PatternProblem("look-around groups are not supported") }
    let tree = try choice()
    guard take(")") else { throw PatternProblem("a `(` has no `)`") }
    return tree
  }

  private mutating func escape() throws(PatternProblem) -> ScalarSet {
    guard let scalar = next else { throw PatternProblem("it ends in a lone backslash") }
    index += 1
    switch scalar {
    case "d": return .digits
    case "w": return .word
    case "s": return .space
    case "n": return .one("\n")
    case "t": return .one("\t")
    default:
      guard !ScalarSet.word.contains(scalar) else {
        throw PatternProblem("`\\\(scalar)` is not supported")
      }
      return .one(scalar)
    }
  }

  private mutating func characterClass() throws(PatternProblem) -> ScalarSet {
    var set = ScalarSet(ranges: [], isNegated: take("^"))
    var isFirst = true
    while let scalar = next, isFirst || scalar != "]" {
      isFirst = false
      index += 1
      guard scalar != "\\" else {
        set.ranges += try escape().ranges
        continue
      }
      guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
        set.ranges.append(scalar.value...scalar.value)
        continue
      }
      let last = scalars[index + 1]
      guard scalar.value <= last.value, last != "\\" else {
        throw PatternProblem("the range `\(scalar)-\(last)` runs backwards")
      }
      set.ranges.append(scalar.value...last.value)
      index += 2
    }
    guard take("]") else { throw PatternProblem("a `[` has no `]`") }
    return set
  }
}
