/// Reads Kconfig files into a `KconfigTree`, following `source` and the blocks around each entry.
struct KconfigReader {
  var tree: KconfigTree

  private struct Scope {
    enum Kind { case ifBlock, menu, choice }
    let kind: Kind
    var conditions: [KconfigTree.Condition] = []
    var visible: [KconfigTree.Condition] = []
    var choice: Int?
  }

  private enum Entry {
    case none
    case config(name: String, index: Int)
    case scope
    case other
  }

  private var scopes: [Scope] = []
  private var entry = Entry.none
  private var depth = 0

  init(tree: KconfigTree) { self.tree = tree }

  /// Reads one file, named below the root of the tree.
  mutating func read(_ file: String) -> Reading<Int> {
    guard depth < 64 else { return .unreadable("files include each other too deeply") }
    let bytes: [UInt8]
    switch PathReader.read("\(tree.path)/\(file)", limit: 16 << 20) {
    case .present(let found): bytes = found
    case .absent: return .absent
    case .unreadable(let reason): return .unreadable(reason)
    }
    tree.fileCount += 1
    depth += 1
    let outer = scopes.count
    entry = .none
    for (number, line) in Self.statements(bytes) { take(line, number, file) }
    if scopes.count > outer { scopes.removeLast(scopes.count - outer) }
    entry = .none
    depth -= 1
    return .present(tree.fileCount)
  }

  /// The lines of a file that say something: comments, blank lines and help texts left out, lines
  /// that end in a backslash joined. Each with its number.
  static func statements(_ bytes: [UInt8]) -> [(Int, String)] {
    var statements: [(Int, String)] = []
    var number = 0
    var pending: (Int, String)?
    var helpIndent: Int?
    var inHelp = false
    bytes.forEachLine { text, start, end in
      number += 1
      var at = start
      var indent = 0
      while at < end, text[at] == 0x20 || text[at] == 0x09 {
        indent = text[at] == 0x09 ? (indent | 7) + 1 : indent + 1
        at += 1
      }
      if at == end { return }
      if inHelp {
        if let helpIndent {
          if indent >= helpIndent { return }
        } else if indent > 0 {
          helpIndent = indent
          return
        }
        inHelp = false
        helpIndent = nil
      }
      if text[at] == UInt8(ascii: "#"), pending == nil { return }
      var last = end
      while last > at, text[last - 1] == 0x20 || text[last - 1] == 0x09 { last -= 1 }
      let continues = text[last - 1] == UInt8(ascii: "\\")
      if continues { last -= 1 }
      let line = String(decoding: text[at..<last], as: UTF8.self)
      if let (first, before) = pending {
        pending = (first, before + " " + line)
      } else {
        pending = (number, line)
      }
      if continues { return }
      guard let statement = pending else { return }
      pending = nil
      if statement.1 == "help" || statement.1 == "---help---" {
        inHelp = true
        return
      }
      statements.append(statement)
    }
    if let pending { statements.append(pending) }
    return statements
  }

  private mutating func take(_ line: String, _ number: Int, _ file: String) {
    let end = line.firstIndex { $0 == " " || $0 == "\t" || $0 == "=" } ?? line.endIndex
    let rest = line[end...].trimmingWhitespace()
    switch line[..<end] {
    case "config", "menuconfig": open(symbol: rest, file, number)
    case "if": openScope(.ifBlock, [.init(text: rest, origin: .ifBlock)])
    case "menu": openScope(.menu, [])
    case "choice": openScope(.choice, [])
    case "endif", "endmenu", "endchoice":
      _ = scopes.popLast()
      entry = .none
    case "comment", "mainmenu": entry = .other
    case "source", "osource": include(rest, from: nil)
    case "rsource", "orsource": include(rest, from: file)
    case "depends":
      condition(rest.hasPrefix("on") ? rest.dropFirst(2).trimmingWhitespace() : rest)
    case "visible":
      if case .scope = entry, let last = scopes.indices.last {
        let text = rest.hasPrefix("if") ? rest.dropFirst(2).trimmingWhitespace() : rest
        scopes[last].visible.append(.init(text: text, origin: .visibleIf))
      }
    case "bool", "tristate", "string", "int", "hex", "def_bool", "def_tristate", "prompt", "range",
      "select", "imply":
      property(String(line[..<end]), rest)
    default: break
    }
  }

  private mutating func open(symbol: String, _ file: String, _ number: Int) {
    let name = symbol.words().first ?? symbol
    var definition = KconfigTree.Definition(
      file: file, line: number, conditions: scopes.flatMap(\.conditions))
    definition.promptConditions = scopes.flatMap(\.visible)
    if let choice = scopes.last(where: { $0.kind == .choice })?.choice {
      definition.choice = choice
      tree.choices[choice].append(name)
    }
    tree.definitions[name, default: []].append(definition)
    entry = .config(name: name, index: (tree.definitions[name]?.count ?? 1) - 1)
  }

  private mutating func openScope(_ kind: Scope.Kind, _ conditions: [KconfigTree.Condition]) {
    var scope = Scope(kind: kind, conditions: conditions)
    if kind == .choice {
      tree.choices.append([])
      scope.choice = tree.choices.count - 1
    }
    scopes.append(scope)
    entry = .scope
  }

  private mutating func condition(_ text: String) {
    switch entry {
    case .config(let name, let index):
      tree.definitions[name]?[index].conditions.append(.init(text: text, origin: .dependsOn))
    case .scope:
      guard let last = scopes.indices.last else { return }
      let origin: KconfigTree.Condition.Origin = scopes[last].kind == .choice ? .choice : .menu
      scopes[last].conditions.append(.init(text: text, origin: origin))
    case .none, .other: break
    }
  }

  private mutating func property(_ word: String, _ rest: String) {
    guard case .config(let name, let index) = entry else { return }
    switch word {
    case "select", "imply":
      let (target, condition) = KconfigExpression.splitCondition(rest)
      let selection = KconfigTree.Selection(
        selector: name, condition: condition, isImply: word == "imply")
      tree.selections[target, default: []].append(selection)
    case "range": tree.definitions[name]?[index].range = rest
    case "def_bool": tree.definitions[name]?[index].type = "bool"
    case "def_tristate": tree.definitions[name]?[index].type = "tristate"
    default:
      if word != "prompt" { tree.definitions[name]?[index].type = word }
      guard !rest.isEmpty, !rest.hasPrefix("#") else { return }
      let (prompt, condition) = KconfigExpression.splitCondition(rest)
      tree.definitions[name]?[index].prompt = prompt
      if let condition {
        tree.definitions[name]?[index].promptConditions.append(
          .init(text: condition, origin: .prompt))
      }
    }
  }

  private mutating func include(_ quoted: String, from file: String?) {
    var name = quoted
    if name.count >= 2, name.hasPrefix("\""), let close = name.dropFirst().firstIndex(of: "\"") {
      name = String(name[name.index(after: name.startIndex)..<close])
    }
    for variable in ["$(SRCARCH)", "$SRCARCH", "$(HEADER_ARCH)", "${SRCARCH}"] {
      while let found = name.firstRange(of: variable) {
        name.replaceSubrange(found, with: tree.architecture)
      }
    }
    if let file {
      let folder = file.split(separator: "/").dropLast().joined(separator: "/")
      name = folder.isEmpty ? name : "\(folder)/\(name)"
    }
    if let reason = read(name).reason { tree.unread.append("\(name): \(reason)") }
  }
}
