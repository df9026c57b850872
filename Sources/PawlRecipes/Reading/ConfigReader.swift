import PawlModel

/// `kernel_config: {tree, build, set}`.
enum ConfigReader {
  static let standardBuild = "{{work}}/build"

  static func read(_ node: SourceNode, _ findings: inout Findings) -> RecipeAction? {
    guard
      let block = Block(node, "kernel_config", knows: ["tree", "build", "set"], &findings)
    else { return nil }
    let tree = block.path("tree", &findings)
    let build = block.has("build") ? block.path("build", &findings) : Text(standardBuild)
    guard let set = block.node("set") else {
      findings.error(
        block.position, "\"set\" is missing in kernel_config.", "Write `set: {SYMBOL: y}`.")
      return nil
    }
    let settings = read(set: set, &findings)
    guard let tree, let build else { return nil }
    return .kernelConfig(tree: tree, build: build, set: settings)
  }

  private static func read(set node: SourceNode, _ findings: inout Findings) -> [ConfigSetting] {
    if let items = node.list {
      return items.flatMap { item in
        guard item.list == nil else {
          findings.error(item.position, "A list stands inside \"set\".", "Write {SYMBOL: y}.")
          return [ConfigSetting]()
        }
        return read(set: item, &findings)
      }
    }
    if let text = node.text {
      let assignments = Text(text, at: node.position)
      if !assignments.hasNames, Assignments.parse(text) == nil {
        findings.error(
          node.position, "\"\(text)\" is no list of options.", "Write \"SYMBOL=y,OTHER=m\".")
      }
      return [.assignments(assignments)]
    }
    guard let block = Block(open: node, "\"set\"", &findings) else { return [] }
    return block.keys.compactMap { key in
      guard let value = block.text(key, &findings, mayBeEmpty: true) else { return nil }
      guard let symbol = Assignments.symbol(key) else {
        findings.error(
          block.position(of: key), "\"\(key)\" cannot be a configuration symbol.",
          "Write it as in Kconfig, without CONFIG_: VFIO_PCI.")
        return nil
      }
      return .option(symbol: symbol, value: value)
    }
  }
}

/// "A=y,B=m": commas inside double quotes belong to the value.
enum Assignments {
  static func parse(_ text: String) -> [(symbol: String, value: String)]? {
    var found: [(symbol: String, value: String)] = []
    for part in parts(of: text) {
      guard let equals = part.firstIndex(of: "="),
        let symbol = symbol(String(part[..<equals]))
      else { return nil }
      let value = String(part[part.index(after: equals)...])
      guard !value.isEmpty, !value.unicodeScalars.contains(where: { $0.value < 32 }) else {
        return nil
      }
      found.append((symbol, value))
    }
    return found
  }

  /// The symbol without `CONFIG_`; nil where it cannot be one.
  static func symbol(_ text: String) -> String? {
    let bare = text.hasPrefix("CONFIG_") ? String(text.dropFirst(7)) : text
    let fits =
      (1...128).contains(bare.utf8.count)
      && bare.unicodeScalars.allSatisfy { ScalarSet.word.contains($0) }
    return fits ? bare : nil
  }

  private static func parts(of text: String) -> [String] {
    var parts = [""]
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == ",", !isQuoted {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    let trimmed = parts.map(\.trimmingSpaces)
    return trimmed == [""] ? [] : trimmed
  }
}
