/// A mapping opened for reading: its keys are checked against the known ones once, then taken
/// one by one. Every reader answers nil for what is absent, and adds a finding for what is wrong.
struct Block {
  let position: Position
  private let what: String
  private var fields: [String: SourceNode] = [:]
  private var keyPositions: [String: Position] = [:]

  /// nil where the node is no mapping. `what` names the level: "a step", say.
  init?(_ node: SourceNode, _ what: String, knows known: [String], _ findings: inout Findings) {
    self.init(node, what, findings: &findings, example: known.first ?? "name")
    for key in keys where !known.contains(key) && !findings.isFull {
      findings.error(
        position(of: key), "Unknown key \"\(key)\" in \(what).",
        Block.advice(for: key, known: known))
    }
  }

  /// A mapping whose keys are the author's own: parameters, an environment.
  init?(open node: SourceNode, _ what: String, _ findings: inout Findings) {
    self.init(node, what, findings: &findings, example: "name")
  }

  private init?(
    _ node: SourceNode, _ what: String, findings: inout Findings, example: String
  ) {
    guard case .mapping(let pairs) = node.content else {
      findings.error(
        node.position, "\(what.capitalisedFirst) is a mapping, but \(node.kind) stands here.",
        "Write `\(example): …` lines, or {\(example): …}.")
      return nil
    }
    self.what = what
    position = node.position
    for (key, value) in pairs {
      guard let name = key.text else {
        findings.error(key.position, "A key of \(what) is \(key.kind).", "Write a plain word.")
        continue
      }
      fields[name] = value
      keyPositions[name] = key.position
    }
  }

  private static func advice(for key: String, known: [String]) -> String {
    if let near = Spelling.nearest(to: key, among: known) { return "Write \"\(near)\"." }
    return "Known here: \(known.joined(separator: ", "))."
  }

  var keys: [String] { fields.keys.sorted { position(of: $0) < position(of: $1) } }
  func has(_ key: String) -> Bool { fields[key] != nil }
  func node(_ key: String) -> SourceNode? { fields[key] }
  func position(of key: String) -> Position { keyPositions[key] ?? position }

  /// A single value, not null and not empty.
  func text(_ key: String, _ findings: inout Findings, mayBeEmpty: Bool = false) -> Text? {
    guard let node = fields[key] else { return nil }
    return Block.text(node, "\"\(key)\" of \(what)", &findings, mayBeEmpty: mayBeEmpty)
  }

  func required(
    _ key: String, _ instead: String, _ findings: inout Findings, mayBeEmpty: Bool = false
  ) -> Text? {
    guard has(key) else {
      findings.error(position, "\"\(key)\" is missing in \(what).", instead)
      return nil
    }
    return text(key, &findings, mayBeEmpty: mayBeEmpty)
  }

  func bool(_ key: String, _ findings: inout Findings) -> Bool? {
    guard let node = fields[key] else { return nil }
    guard let value = node.bool else {
      findings.error(
        node.position, "\"\(key)\" of \(what) is neither true nor false.", "Write true or false.")
      return nil
    }
    return value
  }

  /// One word of a closed set.
  func word<Word: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Word.Type, _ findings: inout Findings
  ) -> Word? where Word.RawValue == String {
    guard let node = fields[key] else { return nil }
    if let text = node.text, let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    let near = node.text.flatMap { Spelling.nearest(to: $0, among: words) }
    findings.error(
      node.position, "\"\(key)\" of \(what) is \(words.joined(separator: ", ")), and nothing else.",
      "Write \(near ?? words.joined(separator: " or ")).")
    return nil
  }

  /// A list of single values.
  func texts(_ key: String, _ findings: inout Findings) -> [Text]? {
    guard let node = fields[key] else { return nil }
    guard let items = node.list else {
      findings.error(
        node.position, "\"\(key)\" of \(what) is a list, but \(node.kind) stands here.",
        "Write [\(node.text ?? "…")].")
      return nil
    }
    return items.compactMap { Block.text($0, "an item of \"\(key)\"", &findings) }
  }

  static func text(
    _ node: SourceNode, _ what: String, _ findings: inout Findings, mayBeEmpty: Bool = false
  ) -> Text? {
    guard let raw = node.text else {
      findings.error(
        node.position, "\(what.capitalisedFirst) is one value, but \(node.kind) stands here.",
        "Write one value, in quotes where it has signs in it.")
      return nil
    }
    guard !raw.hasNUL else {
      findings.error(node.position, "\(what.capitalisedFirst) holds a NUL.", "Take it out.")
      return nil
    }
    guard mayBeEmpty || !raw.trimmingSpaces.isEmpty else {
      findings.error(node.position, "\(what.capitalisedFirst) is empty.", "Write a value.")
      return nil
    }
    return Text(raw, at: node.position)
  }
}

extension String {
  var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
