/// A recipe file as a tree with a position at every node, whatever it was written in.
struct SourceNode {
  enum Content {
    /// `isPlain` is true where no quotes and no block style were used: only then do `null` and
    /// `false` mean something.
    case scalar(String, isPlain: Bool)
    case list([SourceNode])
    case mapping([(key: SourceNode, value: SourceNode)])
  }

  var content: Content
  var position: Position

  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The scalar's text; nil for null, lists and mappings.
  var text: String? {
    guard case .scalar(let text, _) = content, !isNull else { return nil }
    return text
  }

  /// YAML 1.2's two words only: `yes` and `on` are left to be refused in words.
  var bool: Bool? {
    guard case .scalar(let text, isPlain: true) = content else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default: return nil
    }
  }

  var list: [SourceNode]? {
    guard case .list(let items) = content else { return nil }
    return items
  }

  /// What stands here, in a person's words.
  var kind: String {
    switch content {
    case .scalar: isNull ? "nothing" : "a single value"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}
