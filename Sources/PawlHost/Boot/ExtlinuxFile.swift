import PawlModel

/// extlinux.conf as its owner wrote it, and Pawl's parts of it between marks. Taking the parts away
/// gives the owner's bytes back, whatever was changed around them meanwhile.
struct ExtlinuxFile {
  /// Without line ends; lines that Pawl put out of force as they were.
  private(set) var original: [[UInt8]] = []
  private var endsWithNewline = true
  /// Pawl's own entries, before the first of the owner's.
  var entries: [String] = []
  /// The entries of kernels that were added, by release, in order.
  var kernels: [(release: String, lines: [String])] = []
  /// What is chosen; at the end, since the last choice of the file counts.
  var choice: [String] = []

  private static let begin = "# pawl begin "
  private static let end = "# pawl end"
  private static let kept = "# pawl put out of force: "
  private static let joined = "# pawl: the line above had no end"

  /// Throws `refused` where a mark has no end.
  init(_ bytes: [UInt8]) throws {
    var lines = bytes.split(separator: newline, omittingEmptySubsequences: false).map(Array.init)
    if lines.last == [] { lines.removeLast() } else { endsWithNewline = false }
    if bytes.isEmpty { endsWithNewline = true }
    var rest = lines[...]
    while let line = rest.popFirst() {
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix(Self.begin) {
        try take(String(text.dropFirst(Self.begin.count)), from: &rest)
      } else if text.hasPrefix(Self.kept) {
        original.append(Array(line.dropFirst(Self.kept.utf8.count)))
      } else {
        original.append(line)
      }
    }
  }

  private mutating func take(_ name: String, from rest: inout ArraySlice<[UInt8]>) throws {
    let ending = Array(Self.end.utf8)
    guard let end = rest.firstIndex(of: ending) else {
      throw PawlError(
        .refused, "The part \"\(name)\" that Pawl wrote into extlinux.conf has no end any more.",
        hint: "Take the lines of it out, from \"\(Self.begin)\(name)\" on.")
    }
    var lines = rest[..<end].map { String(decoding: $0, as: UTF8.self) }
    if let at = lines.firstIndex(of: Self.joined) {
      lines.remove(at: at)
      endsWithNewline = false
    }
    rest = rest[(end + 1)...]
    switch name {
    case "entries": entries = lines
    case "choice": choice = lines
    default: kernels.append((String(name.dropFirst("kernel ".count)), lines))
    }
  }

  /// The owner's alone.
  var originalText: String {
    original.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
  }

  var bytes: [UInt8] {
    let at = entries.isEmpty ? original.count : insertion
    var out = Output(endsWithNewline: endsWithNewline, originalCount: original.count)
    let commands = commands
    for (index, line) in original.enumerated() {
      if index == at { out.add("entries", closed(entries, before: commands[index])) }
      out.add(line, kept: !choice.isEmpty && Self.chooses(commands[index]))
    }
    if at == original.count { out.add("entries", entries) }
    for kernel in kernels { out.add("kernel \(kernel.release)", kernel.lines) }
    out.add("choice", choice)
    return out.finished
  }

  /// Pawl's parts alone.
  var ownBytes: [UInt8] {
    var out = Output(endsWithNewline: true, originalCount: 0)
    out.add("entries", entries)
    for kernel in kernels { out.add("kernel \(kernel.release)", kernel.lines) }
    out.add("choice", choice)
    return out.finished
  }

  /// Lines on from which labels may begin: what stands before is for all of them.
  private var insertion: Int {
    commands.firstIndex { command in
      switch command.keyword {
      case "label", "include": true
      case "menu":
        ["begin", "include", "separator"].contains(ExtlinuxConfig.command(command.rest).keyword)
      default: false
      }
    } ?? original.count
  }

  /// MENU END closes a label without opening a menu: what an included file says for all labels must
  /// not fall to Pawl's last one.
  private func closed(_ lines: [String], before command: Command) -> [String] {
    guard !lines.isEmpty, command.keyword == "include" || command.rest.hasPrefix("include") else {
      return lines
    }
    return lines.last == "MENU END" ? lines : lines + ["MENU END"]
  }

  private typealias Command = (keyword: String, rest: String)

  /// Of every line; none within a text.
  private var commands: [Command] {
    var isInText = false
    return original.map { line in
      let command = ExtlinuxConfig.command(String(decoding: line, as: UTF8.self))
      if isInText {
        isInText = command.keyword != "endtext"
        return ("", "")
      }
      isInText = command.keyword == "text"
      return command
    }
  }

  private static func chooses(_ command: Command) -> Bool {
    ["default", "ontimeout"].contains(command.keyword)
      || command.keyword == "menu" && ExtlinuxConfig.command(command.rest).keyword == "save"
  }

  private struct Output {
    var lines: [[UInt8]] = []
    var endsWithNewline: Bool
    let originalCount: Int
    private var originalsDone = 0

    init(endsWithNewline: Bool, originalCount: Int) {
      self.endsWithNewline = endsWithNewline
      self.originalCount = originalCount
    }

    mutating func add(_ line: [UInt8], kept: Bool) {
      lines.append((kept ? Array(ExtlinuxFile.kept.utf8) : []) + line)
      originalsDone += 1
    }

    mutating func add(_ name: String, _ part: [String]) {
      guard !part.isEmpty else { return }
      var part = part
      if !endsWithNewline, originalsDone == originalCount {
        part.insert(ExtlinuxFile.joined, at: 0)
        endsWithNewline = true
      }
      lines += ([ExtlinuxFile.begin + name] + part + [ExtlinuxFile.end]).map { Array($0.utf8) }
    }

    var finished: [UInt8] {
      var bytes = Array(lines.joined(separator: [newline]))
      if endsWithNewline, !lines.isEmpty { bytes.append(newline) }
      return bytes
    }
  }
}

private let newline = UInt8(ascii: "\n")
