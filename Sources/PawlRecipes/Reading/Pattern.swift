/// A regular expression over whole values: literals, `.`, classes, groups, `|`, `* + ? {m,n}`,
/// `^`, `$`, `\d \w \s`. Matching takes time linear in the value, whatever the pattern: a recipe
/// is somebody's file, and its patterns meet somebody else's input.
public struct Pattern: Hashable, Sendable {
  public let source: String
  private let program: [Instruction]

  /// nil where the pattern is not one of this small language; `problem(in:)` says why.
  public init?(_ source: String) {
    guard case .success(let program) = Pattern.compile(source) else { return nil }
    self.source = source
    self.program = program
  }

  public static func problem(in source: String) -> String? {
    guard case .failure(let problem) = compile(source) else { return nil }
    return problem.text
  }

  /// Whether the whole value fits, with or without `^` and `$` in the pattern.
  public func matches(_ value: String) -> Bool {
    let scalars = Array(value.unicodeScalars)
    var current = closure([0], at: 0, of: scalars.count)
    for (index, scalar) in scalars.enumerated() {
      var next: [Int] = []
      for state in current {
        if case .one(let set) = program[state], set.contains(scalar) { next.append(state + 1) }
      }
      guard !next.isEmpty else { return false }
      current = closure(next, at: index + 1, of: scalars.count)
    }
    return current.contains { program[$0] == .accept }
  }

  enum Instruction: Hashable, Sendable {
    case one(ScalarSet)
    case split(Int, Int)
    case jump(Int)
    case atStart, atEnd, accept
  }

  /// The states that can be reached without taking a scalar.
  private func closure(_ states: [Int], at position: Int, of count: Int) -> [Int] {
    var seen = [Bool](repeating: false, count: program.count)
    var found: [Int] = []
    var waiting = states
    while let state = waiting.popLast() {
      guard !seen[state] else { continue }
      seen[state] = true
      found.append(state)
      switch program[state] {
      case .one, .accept: break
      case .split(let left, let right): waiting += [left, right]
      case .jump(let target): waiting.append(target)
      case .atStart: if position == 0 { waiting.append(state + 1) }
      case .atEnd: if position == count { waiting.append(state + 1) }
      }
    }
    return found
  }

  private static func compile(_ source: String) -> Result<[Instruction], PatternProblem> {
    var parser = PatternParser(source)
    do {
      let tree = try parser.parse()
      var program: [Instruction] = []
      try emit(tree, into: &program)
      program.append(.accept)
      return .success(program)
    } catch {
      return .failure(error)
    }
  }

  private static func emit(
    _ tree: PatternTree, into program: inout [Instruction]
  ) throws(PatternProblem) {
    guard program.count < 1000 else { throw PatternProblem("it is too long when written out") }
    switch tree {
    case .one(let set): program.append(.one(set))
    case .start: program.append(.atStart)
    case .end: program.append(.atEnd)
    case .sequence(let parts): for part in parts { try emit(part, into: &program) }
    case .choice(let left, let right):
      let split = program.count
      program.append(.jump(0))
      try emit(left, into: &program)
      let jump = program.count
      program.append(.jump(0))
      program[split] = .split(split + 1, program.count)
      try emit(right, into: &program)
      program[jump] = .jump(program.count)
    case .repeated(let part, let least, let most):
      try emitRepeat(part, least, most, into: &program)
    }
  }

  private static func emitRepeat(
    _ part: PatternTree, _ least: Int, _ most: Int?, into program: inout [Instruction]
  ) throws(PatternProblem) {
    for _ in 0..<least { try emit(part, into: &program) }
    guard let most else {
      let split = program.count
      program.append(.jump(0))
      try emit(part, into: &program)
      program.append(.jump(split))
      program[split] = .split(split + 1, program.count)
      return
    }
    for _ in least..<most {
      let split = program.count
      program.append(.jump(0))
      try emit(part, into: &program)
      program[split] = .split(split + 1, program.count)
    }
  }
}

struct PatternProblem: Error {
  let text: String
  init(_ text: String) { self.text = text }
}
