import Yams

/// Bytes to a tree, bounded in every direction. The only file that knows the YAML library.
enum TreeReader {
  static let maximumBytes = 1 << 20
  static let maximumDepth = 32
  static let maximumNodes = 100_000
  /// Aliases multiply: so many words that may be one can expand to no more than 3^(n/3) nodes.
  static let maximumAliases = 32

  /// nil where the file is not one readable document; the findings say why.
  static func read(_ bytes: [UInt8], _ findings: inout Findings) -> SourceNode? {
    guard let text = checkedText(bytes, &findings) else { return nil }
    do {
      let root = try Parser(yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
        .singleRoot()
      guard let root else {
        findings.error(.start, "The file is empty.", "Begin with `name:` and `description:`.")
        return nil
      }
      var budget = maximumNodes
      return convert(root, depth: 0, budget: &budget, &findings)
    } catch {
      report(error, &findings)
      return nil
    }
  }

  private static func checkedText(_ bytes: [UInt8], _ findings: inout Findings) -> String? {
    guard bytes.count <= maximumBytes else {
      findings.error(
        .start, "The file has \(bytes.count) bytes; a recipe has at most \(maximumBytes).",
        "Split it into several recipes.")
      return nil
    }
    if let bad = bytes.firstIndex(where: { $0 < 32 && $0 != 9 && $0 != 10 && $0 != 13 }) {
      findings.error(
        position(of: bad, in: bytes), "A control character (byte \(bytes[bad])) stands here.",
        "Write the recipe as plain UTF-8 text.")
      return nil
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      findings.error(
        .start, "The file is not valid UTF-8.", "Save it as UTF-8, without another encoding.")
      return nil
    }
    guard aliasCount(bytes) <= maximumAliases else {
      findings.error(
        .start, "More than \(maximumAliases) words begin with `*`, the sign of a YAML alias.",
        "Write the values out, or put them in quotes.")
      return nil
    }
    return text
  }

  /// Every real alias is counted, and some words that only look like one.
  private static func aliasCount(_ bytes: [UInt8]) -> Int {
    let before: Set<UInt8> = Set(" \t\r\n[]{},:?".utf8)
    return bytes.indices.reduce(0) { count, index in
      guard bytes[index] == UInt8(ascii: "*") else { return count }
      guard index > 0 else { return count + 1 }
      let previous = bytes[index - 1]
      return before.contains(previous) || previous >= 128 ? count + 1 : count
    }
  }

  private static func position(of offset: Int, in bytes: [UInt8]) -> Position {
    let before = bytes[..<offset]
    let line = before.count { $0 == 10 } + 1
    let start = (before.lastIndex(of: 10) ?? -1) + 1
    return Position(line: line, column: offset - start + 1)
  }

  private static func convert(
    _ node: Node, depth: Int, budget: inout Int, _ findings: inout Findings
  ) -> SourceNode? {
    let position = node.mark.map { Position(line: $0.line, column: $0.column) } ?? .start
    budget -= 1
    guard budget > 0, depth <= maximumDepth else {
      findings.error(
        position,
        depth > maximumDepth
          ? "The nesting is deeper than \(maximumDepth) levels."
          : "The file expands to more than \(maximumNodes) values.",
        "Write a flatter, shorter recipe.")
      return nil
    }
    switch node {
    case .scalar(let scalar):
      return SourceNode(
        content: .scalar(scalar.string, isPlain: scalar.style == .plain), position: position)
    case .sequence(let sequence):
      var items: [SourceNode] = []
      for item in sequence {
        guard let item = convert(item, depth: depth + 1, budget: &budget, &findings) else {
          return nil
        }
        items.append(item)
      }
      return SourceNode(content: .list(items), position: position)
    case .mapping(let mapping):
      var pairs: [(key: SourceNode, value: SourceNode)] = []
      for (key, value) in mapping {
        guard let key = convert(key, depth: depth + 1, budget: &budget, &findings),
          let value = convert(value, depth: depth + 1, budget: &budget, &findings)
        else { return nil }
        pairs.append((key, value))
      }
      return SourceNode(content: .mapping(pairs), position: position)
    case .alias:
      findings.error(position, "An alias stands here.", "Write the value out.")
      return nil
    }
  }

  private static func report(_ error: any Error, _ findings: inout Findings) {
    guard let error = error as? YamlError else {
      findings.error(.start, "The file cannot be read as YAML.", "Check it from the top.")
      return
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      findings.error(
        Position(line: mark.line, column: mark.column), "This is not YAML: \(problem).",
        advice(for: problem))
    case .duplicatedKeysInMapping(let keys, let context):
      findings.error(
        Position(line: context.mark.line, column: context.mark.column),
        "The key \(keys.map { "\"\($0)\"" }.joined(separator: ", ")) stands more than once in one"
          + " mapping.",
        "Keep one of them.")
    case .reader(let problem, _, _, _):
      findings.error(.start, "The file cannot be read: \(problem).", "Save it as UTF-8 text.")
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      findings.error(
        .start, "The file cannot be read as YAML.", "Write a flatter, shorter recipe.")
    }
  }

  private static func advice(for problem: String) -> String {
    if problem.contains("another document") { return "Keep one document a file." }
    if problem.contains("start any token") { return "Indent with spaces, and quote the value." }
    if problem.contains("mapping values") { return "Quote a value that has a colon in it." }
    return "Check indentation, quotes and brackets here."
  }
}
