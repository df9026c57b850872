/// A `dkms.conf`, which bash sources: read for what it plainly assigns, and never run. What is put
/// together while it runs is told as such, and not guessed. (dkms(8), DKMS.CONF)
public struct DKMSConf: Sendable, Equatable {
  /// One module that it builds.
  public struct Module: Sendable, Equatable {
    /// Its file without a suffix, as it is installed.
    public let name: String
    /// As the file says; each distribution overrides it with a place of its own.
    public let location: String?
  }

  /// `NAME` or `NAME[0]`, by what is assigned last.
  public let fields: [String: String]
  /// Fields whose value holds something that only bash would know.
  public let dynamic: Set<String>
  /// Lines, from 1, that are no plain assignment.
  public let dynamicLines: [Int]

  public init(text: String) {
    var fields: [String: String] = [:]
    var dynamic: Set<String> = []
    var dynamicLines: [Int] = []
    for (number, line) in Self.joined(text) {
      guard let (name, raw) = Self.assignment(line) else {
        dynamicLines.append(number)
        continue
      }
      if let value = Self.plain(raw, knowing: fields) {
        fields[name] = value
        dynamic.remove(name)
      } else {
        fields[name] = nil
        dynamic.insert(name)
      }
    }
    self.fields = fields
    self.dynamic = dynamic
    self.dynamicLines = dynamicLines
  }

  public var name: String? { fields["PACKAGE_NAME"] }
  public var version: String? { fields["PACKAGE_VERSION"] }

  /// One without a name of its own is named as the package; gaps between the numbers are none.
  public var modules: [Module] {
    let numbers = Set(fields.keys.compactMap(Self.number)).sorted()
    return numbers.compactMap { number in
      let built = element("BUILT_MODULE_NAME", number) ?? (number == 0 ? name : nil)
      guard let module = element("DEST_MODULE_NAME", number) ?? built else { return nil }
      return Module(name: module, location: element("DEST_MODULE_LOCATION", number))
    }
  }

  /// Why DKMS would skip it for a kernel (its exit status 77), in words; nil where it would not, as far
  /// as that is plain.
  public func exclusion(
    release: String, architecture: String, config: KernelConfig?
  ) -> String? {
    if let wanted = fields["BUILD_EXCLUSIVE_ARCH"], !Self.matches(architecture, wanted) {
      return "it is for \(wanted), and this is \(architecture)"
    }
    if let least = fields["BUILD_EXCLUSIVE_KERNEL_MIN"], KernelVersion.precedes(release, least) {
      return "it is for kernels from \(least) on"
    }
    if let most = fields["BUILD_EXCLUSIVE_KERNEL_MAX"], KernelVersion.precedes(most, release) {
      return "it is for kernels up to \(most)"
    }
    guard let config, let terms = fields["BUILD_EXCLUSIVE_CONFIG"] else { return nil }
    for term in terms.words() {
      let isNegated = term.hasPrefix("!")
      let symbol = isNegated ? String(term.dropFirst()) : term
      let isOn = [SymbolState.y, .m].contains(config.state(symbol))
      if isOn == isNegated { return "it needs \(symbol) \(isNegated ? "off" : "on")" }
    }
    return nil
  }

  // MARK: - Reading

  /// Lines without comments and empty ones, those that end in a backslash joined, by their number.
  private static func joined(_ text: String) -> [(Int, String)] {
    var found: [(Int, String)] = []
    var begun: (number: Int, text: String)?
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let whole = (begun?.text ?? "") + line.trimmingWhitespace()
      let number = begun?.number ?? index + 1
      if whole.hasSuffix("\\") {
        begun = (number, String(whole.dropLast()))
        continue
      }
      begun = nil
      if !whole.isEmpty, !whole.hasPrefix("#") { found.append((number, whole)) }
    }
    if let begun { found.append(begun) }
    return found
  }

  /// The name, of an array its element 0, and what stands behind the first `=`.
  private static func assignment(_ line: String) -> (name: String, value: Substring)? {
    guard let equals = line.firstIndex(of: "=") else { return nil }
    var name = line[..<equals]
    var element = "0"
    if name.hasSuffix("]"), let open = name.firstIndex(of: "[") {
      element = String(name[name.index(after: open)...].dropLast())
      name = name[..<open]
    }
    guard !name.isEmpty, element.utf8.allSatisfy({ (48...57).contains($0) }),
      element.utf8.count < 6,
      name.utf8.allSatisfy({ $0 == 95 || (65...90).contains($0) || (48...57).contains($0) })
    else { return nil }
    let isArray = arrays.contains(String(name))
    return (
      isArray ? "\(name)[\(Int(element) ?? 0)]" : String(name), line[line.index(after: equals)...]
    )
  }

  private static let arrays: Set<String> = [
    "BUILT_MODULE_NAME", "BUILT_MODULE_LOCATION", "DEST_MODULE_NAME", "DEST_MODULE_LOCATION",
    "MAKE",
    "MAKE_MATCH", "STRIP", "PATCH", "PATCH_MATCH", "BUILD_DEPENDS",
  ]

  private static func number(_ field: String) -> Int? {
    guard let open = field.firstIndex(of: "["), !field.hasPrefix("PATCH"), !field.hasPrefix("MAKE"),
      !field.hasPrefix("BUILD_DEPENDS"), !field.hasPrefix("STRIP")
    else { return nil }
    return Int(field[field.index(after: open)...].dropLast())
  }

  private func element(_ name: String, _ number: Int) -> String? { fields["\(name)[\(number)]"] }

  /// The value where bash would only take quotes off, or put in a field from before.
  private static func plain(_ raw: Substring, knowing fields: [String: String]) -> String? {
    var text = raw.trimmingWhitespace()
    for quote in ["\"", "'"] where text.hasPrefix(quote) {
      guard let end = text.dropFirst().firstIndex(of: Character(quote)) else { return nil }
      let behind = text[text.index(after: end)...].trimmingWhitespace()
      guard behind.isEmpty || behind.hasPrefix("#") else { return nil }
      text = String(text[text.index(after: text.startIndex)..<end])
      return quote == "'" ? text : known(text, fields)
    }
    if let comment = text.firstRange(of: " #") { text = String(text[..<comment.lowerBound]) }
    guard !text.contains(where: { " \t;|&<>()\"'".contains($0) }) else { return nil }
    return known(text, fields)
  }

  private static func known(_ text: String, _ fields: [String: String]) -> String? {
    guard text.contains("$") || text.contains("`") else { return text }
    var result = text
    for name in ["PACKAGE_NAME", "PACKAGE_VERSION"] {
      guard let value = fields[name] else { continue }
      result = result.replacing("${\(name)}", with: value).replacing("$\(name)", with: value)
    }
    return result.contains("$") || result.contains("`") ? nil : result
  }

  /// As far as plain words go; what is a pattern of bash's matches.
  private static func matches(_ text: String, _ pattern: String) -> Bool {
    let alternatives = pattern.trimmingWhitespace().split(separator: "|").map {
      $0.filter { !"^$()".contains($0) }
    }
    if alternatives.contains(where: { $0.contains { "*.[?+\\".contains($0) } }) { return true }
    return alternatives.isEmpty || alternatives.contains { $0 == text }
  }
}
