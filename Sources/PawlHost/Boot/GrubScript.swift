/// As much of GRUB's script language as decides over `default`: variables, and `if` with tests of
/// strings. A test that is not understood counts as false.
struct GrubScript {
  private(set) var variables: [String: String]
  private let environment: [String: String]
  /// What Red Hat's command `blscfg` finds.
  let snippets: [TypeOneEntry]
  private(set) var readsSnippets = false
  /// Of every `if` that is open: whether its present branch runs, and whether one has run already.
  private var branches: [(runs: Bool, hasRun: Bool)] = []

  init(environment: [String: String], snippets: [TypeOneEntry] = []) {
    self.environment = environment
    self.snippets = snippets
    variables = ["feature_menuentry_id": "y"]
  }

  var isActive: Bool { branches.allSatisfy(\.runs) }

  mutating func run(_ words: [String]) {
    let words = words.first == "then" ? Array(words.dropFirst()) : words
    guard let first = words.first else { return }
    switch first {
    case "if":
      let holds = test(Array(words.dropFirst()))
      branches.append((holds, holds))
    case "elif":
      let holds = test(Array(words.dropFirst()))
      change { hasRun in !hasRun && holds }
    case "else": change { hasRun in !hasRun }
    case "fi": _ = branches.popLast()
    default: if isActive { act(words) }
    }
  }

  private mutating func change(_ runs: (Bool) -> Bool) {
    guard let last = branches.popLast() else { return }
    let now = runs(last.hasRun)
    branches.append((now, last.hasRun || now))
  }

  private mutating func act(_ words: [String]) {
    switch words[0] {
    case "load_env": variables.merge(environment) { _, new in new }
    case "set": for word in words.dropFirst() { assign(word) }
    case "unset": for word in words.dropFirst() { variables[word] = nil }
    case "blscfg": readsSnippets = true
    default: if words.count == 1 { assign(words[0]) }
    }
  }

  private mutating func assign(_ word: String) {
    guard let sign = word.firstIndex(of: "="), sign != word.startIndex else { return }
    variables[String(word[..<sign])] = expanded(String(word[word.index(after: sign)...]))
  }

  private func test(_ words: [String]) -> Bool {
    guard words.first == "[", let end = words.firstIndex(of: "]") else { return false }
    let inner = words[1..<end].map(expanded)
    switch inner.count {
    case 1: return !inner[0].isEmpty
    // A file: the environment block, in all menus that are made by grub-mkconfig.
    case 2:
      switch inner[0] {
      case "-z": return inner[1].isEmpty
      case "-n": return !inner[1].isEmpty
      default: return inner[0] == "-s"
      }
    case 3:
      switch inner[1] {
      case "=", "==": return inner[0] == inner[2]
      case "!=": return inner[0] != inner[2]
      default: return false
      }
    default: return false
    }
  }

  func expanded(_ word: String) -> String {
    var result = ""
    var rest = Substring(word)
    while let sign = rest.firstIndex(of: "$") {
      result += rest[..<sign]
      rest = rest[rest.index(after: sign)...]
      let isBraced = rest.first == "{"
      if isBraced { rest = rest.dropFirst() }
      let name = rest.prefix { $0 == "_" || $0.isLetter || $0.isNumber }
      rest = rest.dropFirst(name.count)
      if isBraced, rest.first == "}" { rest = rest.dropFirst() }
      result += variables[String(name)] ?? ""
    }
    return result + rest
  }
}
