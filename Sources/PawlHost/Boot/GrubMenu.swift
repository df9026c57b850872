import PawlModel

/// A `grub.cfg` as far as it says what is started: entries with their ids, and the default that is
/// left when the script has run. Total: what it does not understand, it passes over.
public struct GrubMenu: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    public var id: String
    public var title: String
    /// As the loader sees them: below the partition, not below `/`.
    public var image: String?
    public var commandLine: String
    public var initrds: [String]
    /// The lines between the braces, as they stand.
    public var body: [String]
    /// Started without a password where the menu asks for one.
    public var isUnrestricted = false
  }

  public indirect enum Item: Sendable, Hashable {
    case entry(Entry)
    case submenu(id: String, title: String, [Item])
  }

  public private(set) var items: [Item] = []
  /// The value of `default` at the end of the script.
  public private(set) var defaultChoice = "0"
  /// The value of `fallback`; empty where none is set.
  public private(set) var fallbackChoice = ""

  /// The menu shows entries that are in files of their own.
  public private(set) var readsSnippets = false

  public init(_ text: String, environment: [String: String] = [:]) {
    self.init(text, environment: environment, snippets: [])
  }

  /// - Parameters:
  ///   - environment: what the environment block holds; `next_entry` among it makes the choice of the
  ///     next boot.
  ///   - snippets: the files that the menu reads where it has the command for it.
  init(_ text: String, environment: [String: String], snippets: [TypeOneEntry]) {
    var script = GrubScript(environment: environment, snippets: snippets)
    items =
      Self.items(
        text.split(separator: "\n", omittingEmptySubsequences: false)[...], &script
      ).items
    defaultChoice = script.variables["default"] ?? "0"
    fallbackChoice = script.variables["fallback"] ?? ""
    readsSnippets = script.readsSnippets
  }

  // MARK: - Reading

  /// More than any menu has; each level takes a piece of the stack.
  private static let deepest = 16

  private static func items(
    _ lines: ArraySlice<Substring>, _ script: inout GrubScript, depth: Int = 0
  ) -> (items: [Item], rest: ArraySlice<Substring>) {
    var found: [Item] = []
    var rest = lines
    while let line = rest.popFirst() {
      let read = GrubWords(line)
      let words = read.words
      guard let first = words.first else { continue }
      switch first {
      case "}": return (found, rest)
      case "menuentry" where words.last == "{":
        let body = body(&rest)
        if script.isActive { found.append(.entry(entry(words, body))) }
      case "submenu" where words.last == "{" && depth >= deepest: _ = body(&rest)
      case "submenu" where words.last == "{":
        var inner = GrubScript(environment: [:])
        let nested = items(rest, &inner, depth: depth + 1)
        rest = nested.rest
        if script.isActive {
          let (title, id) = heading(words)
          found.append(.submenu(id: id, title: title, nested.items))
        }
      case "function" where words.last == "{": _ = body(&rest)
      case "blscfg" where script.isActive:
        script.run(words)
        found += GrubSnippets.entries(in: script).map { .entry($0) }
      default: read.commands.forEach { script.run($0) }
      }
    }
    return (found, rest)
  }

  private static func body(_ rest: inout ArraySlice<Substring>) -> [String] {
    var body: [String] = []
    var depth = 1
    while let line = rest.popFirst() {
      let words = GrubWords(line).words
      if words.last == "{" { depth += 1 }
      if words.first == "}" { depth -= 1 }
      if depth == 0 { break }
      body.append(String(line))
    }
    return body
  }

  private static func heading(_ words: [String]) -> (title: String, id: String) {
    let title = words.count > 1 ? words[1] : ""
    let marks = ["$menuentry_id_option", "${menuentry_id_option}", "--id"]
    if let mark = words.firstIndex(where: { marks.contains($0) }), words.count > mark + 1 {
      return (title, words[mark + 1])
    }
    let joined = words.first { $0.hasPrefix("--id=") }?.dropFirst(5)
    return (title, joined.map(String.init) ?? title)
  }

  private static func entry(_ heading: [String], _ body: [String]) -> Entry {
    let (title, id) = self.heading(heading)
    var entry = Entry(
      id: id, title: title, image: nil, commandLine: "", initrds: [], body: body,
      isUnrestricted: heading.contains("--unrestricted"))
    for line in body {
      let words = GrubWords(line).words
      switch words.first {
      case "linux", "linux16", "linuxefi":
        entry.image = words.count > 1 ? words[1] : nil
        entry.commandLine = words.dropFirst(2).map(handedOver).joined(separator: " ")
      case "initrd", "initrd16", "initrdefi": entry.initrds += words.dropFirst()
      default: break
      }
    }
    return entry
  }

  /// GRUB hands a word with spaces to the kernel in quotes (lib/cmdline.c).
  private static func handedOver(_ word: String) -> String {
    word.contains(" ") ? "\"\(word)\"" : word
  }

  // MARK: - Choosing

  /// All entries, those of submenus with their whole path as id.
  public var entries: [Entry] { Self.flat(items, below: "") }

  private static func flat(_ items: [Item], below path: String) -> [Entry] {
    items.flatMap { item -> [Entry] in
      switch item {
      case .entry(var entry):
        entry.id = path + entry.id
        return [entry]
      case .submenu(let id, _, let inner): return flat(inner, below: path + id + ">")
      }
    }
  }

  /// What a boot starts that nobody interferes with.
  public var chosen: Entry? { resolve(defaultChoice) }

  /// What is started when the chosen entry cannot be loaded; nil: GRUB stays in the menu for a person.
  /// Numbers alone count there (`get_and_remove_first_entry_number`), whatever the manual says of titles.
  public var afterFailure: Entry? {
    let first = fallbackChoice.split(separator: " ").first.flatMap { Int($0) }
    guard let first, items.indices.contains(first) else { return nil }
    return resolve(String(first))
  }

  /// As GRUB does it (`get_entry_number` of normal/menu.c): a number, an id or a title; what it does
  /// not find is entry 0, in a submenu entry 0 of that.
  public func resolve(_ choice: String) -> Entry? { Self.resolve(choice, in: items, below: "") }

  private static func resolve(_ choice: String, in items: [Item], below path: String) -> Entry? {
    let parts = choice.split(separator: ">", maxSplits: 1, omittingEmptySubsequences: false)
    let wanted = String(parts.first ?? "")
    let index =
      Int(wanted) ?? items.firstIndex { $0.id == wanted } ?? items.firstIndex { $0.title == wanted }
    guard let item = items.indices.contains(index ?? 0) ? items[index ?? 0] : items.first else {
      return nil
    }
    switch item {
    case .entry(var entry):
      entry.id = path + entry.id
      return entry
    case .submenu(let id, _, let inner):
      return resolve(parts.count > 1 ? String(parts[1]) : "0", in: inner, below: path + id + ">")
    }
  }
}

extension GrubMenu.Item {
  var id: String {
    switch self {
    case .entry(let entry): entry.id
    case .submenu(let id, _, _): id
    }
  }

  var title: String {
    switch self {
    case .entry(let entry): entry.title
    case .submenu(_, let title, _): title
    }
  }
}
