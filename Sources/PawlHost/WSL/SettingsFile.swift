import PawlModel

/// `.wslconfig` and `wsl.conf`: sections of `key=value`, edited key by key with everything else kept byte
/// for byte: line ends, comments, keys that nobody knows, the encoding. What is between the edits is
/// somebody's own.
///
/// Names of sections and keys are compared without regard to case, and `#` begins a comment. (Microsoft:
/// WSL/wsl-config.md)
public struct SettingsFile: Sendable, Equatable {
  private var text: SettingsText

  /// Throws `noInput` where the bytes are none of the encodings that can be kept.
  /// - Parameter standardLineEnd: of new lines where no line says; that of Windows unless told.
  public init(bytes: [UInt8], standardLineEnd: String = "\r\n") throws(PawlError) {
    text = try SettingsText(bytes: bytes, standardLineEnd: standardLineEnd)
  }

  public var bytes: [UInt8] { text.bytes }

  /// The value as WSL takes it: without quotes, escapes resolved; nil where the key is not set.
  /// Throws `refused` where it is set twice: which of them counts is not known.
  public func value(of key: String, in section: String) throws(PawlError) -> String? {
    try line(of: key, in: section).map { Self.resolve(text.string($0.value)) }
  }

  /// Sets it: in its line where it has one, else in a new line at the end of its section, else in a new
  /// section at the end. `value` is written as WSL reads it back: backslashes are doubled.
  public mutating func set(
    _ key: String, to value: String, in section: String
  ) throws(PawlError) {
    guard !value.contains(where: \.isNewline), !value.contains("\"") else {
      throw PawlError(.usage, "The value of \(key) has a line end or a quote in it.")
    }
    // Outside quotes it would begin a comment.
    let escaped = value.contains("#") ? "\"\(Self.escape(value))\"" : Self.escape(value)
    if let line = try line(of: key, in: section) {
      return try text.replace(line.value, with: escaped)
    }
    if let end = lines.last(where: { $0.section == section.lowercased() && $0.isMeant })?.end {
      return try text.insertLine("\(key)=\(escaped)", at: end)
    }
    if !text.isEmpty { try text.insertLine("", at: text.count) }
    try text.insertLine("[\(section)]", at: text.count)
    try text.insertLine("\(key)=\(escaped)", at: text.count)
  }

  /// Takes the whole line away, with a comment behind the value; where the key is not set, nothing.
  public mutating func remove(_ key: String, in section: String) throws(PawlError) {
    guard let line = try line(of: key, in: section) else { return }
    text.remove(line.start..<line.end)
  }

  // MARK: - Lines

  private struct Line {
    /// In small letters; empty before the first section.
    var section = ""
    /// In small letters; nil where the line sets nothing.
    var key: String?
    var value: Range<Int>
    var start: Int
    /// Where the next line begins.
    var end: Int
    /// A section or a key: what is more than a comment or nothing.
    var isMeant = false
  }

  private func line(of key: String, in section: String) throws(PawlError) -> Line? {
    let found = lines.filter { $0.section == section.lowercased() && $0.key == key.lowercased() }
    guard found.count < 2 else {
      throw PawlError(
        .refused, "\(key) is set \(found.count) times below [\(section)].",
        hint: "Leave one of them, the one that is meant.")
    }
    return found.first
  }

  private var lines: [Line] {
    var section = ""
    return text.lines.map { range in
      var line = Line(
        section: section, value: range.upperBound..<range.upperBound, start: range.lowerBound,
        end: range.end)
      let content = text.trimmed(range.lowerBound..<range.upperBound)
      let words = text.string(content)
      if words.hasPrefix("["), let close = words.firstIndex(of: "]") {
        section = words[words.index(after: words.startIndex)..<close].lowercased()
        line.section = section
        line.isMeant = true
      } else if !words.hasPrefix("#"), let equals = text.first(of: "=", in: content) {
        line.key = text.string(text.trimmed(content.lowerBound..<equals)).lowercased()
        line.value = text.trimmed(
          (equals + 1)..<text.endOfValue(in: (equals + 1)..<content.upperBound))
        line.isMeant = true
      }
      return line
    }
  }

  // MARK: - Values

  static func escape(_ value: String) -> String { value.replacing("\\", with: "\\\\") }

  static func resolve(_ raw: String) -> String {
    var result = ""
    var isEscaped = false
    for character in raw {
      if isEscaped {
        result.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character != "\"" {
        result.append(character)
      }
    }
    return isEscaped ? result + "\\" : result
  }
}
