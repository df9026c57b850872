import PawlModel

/// What extlinux makes of its configuration: labels in order, and what chooses among them
/// (syslinux: com32/elflink/ldlinux/readconfig.c).
struct ExtlinuxConfig {
  struct Label: Hashable {
    var name: String
    var title: String?
    /// `kernel`, `linux`, `com32`, ...
    var kind = "kernel"
    /// As it is written.
    var image: String
    /// What follows the image on its line.
    var arguments = ""
    var initrd: String?
    var append: String?
    var isHidden = false
    var isDisabled = false
    var isMenuDefault = false
    var isInSubmenu: Bool
  }

  private(set) var labels: [Label] = []
  /// With what may follow the label.
  private(set) var defaultCommand: String?
  private(set) var timeoutCommand: String?
  private(set) var menuProgram: String?
  /// In tenths of a second; 0 waits for ever.
  private(set) var timeout = 0
  private(set) var prompts = false
  private(set) var savesChoice = false
  private var open: Label?
  private var append: String?
  private var depth = 0
  private var isInText = false

  /// `include` reads another file of the loader's; nil where it is not there.
  init(_ text: String, include: (String) -> String? = { _ in nil }) {
    read(text, include, level: 0)
    close()
  }

  /// What an entry of a menu is for; the whole line behind the keyword, and the one behind MENU.
  static func command(_ line: some StringProtocol) -> (keyword: String, rest: String) {
    let line = line.trimmingWhitespace()
    let end = line.firstIndex { $0 == " " || $0 == "\t" } ?? line.endIndex
    return (line[..<end].lowercased(), line[end...].trimmingWhitespace())
  }

  private mutating func read(_ text: String, _ include: (String) -> String?, level: Int) {
    for line in text.split(whereSeparator: \.isNewline) {
      let (keyword, rest) = Self.command(line)
      if isInText {
        isInText = keyword != "endtext"
      } else if keyword == "menu" {
        readMenu(rest, include, level)
      } else if keyword == "include" {
        readFile(rest, include, level)
      } else {
        read(keyword, rest)
      }
    }
  }

  private mutating func readFile(_ rest: String, _ include: (String) -> String?, _ level: Int) {
    // The loader itself stops at no depth; a file that includes itself would never end.
    guard level < 16, let name = rest.words().first, let text = include(name) else { return }
    read(text, include, level: level + 1)
  }

  private mutating func read(_ keyword: String, _ rest: String) {
    switch keyword {
    case "text": isInText = true
    case "label":
      close()
      let name = rest.words().first ?? ""
      open = Label(name: name, image: name, isInSubmenu: depth > 0)
    case "append": if open != nil { open?.append = rest } else { append = rest }
    case "initrd": open?.initrd = rest
    case _ where Self.kinds.contains(keyword):
      let words = rest.words()
      open?.kind = keyword
      open?.image = words.first ?? ""
      open?.arguments = words.dropFirst().joined(separator: " ")
    case "default": defaultCommand = rest
    case "ontimeout": timeoutCommand = rest
    case "ui": menuProgram = rest
    case "timeout": timeout = Self.number(rest)
    case "prompt": prompts = Self.number(rest) != 0
    default: break
    }
  }

  private mutating func readMenu(_ rest: String, _ include: (String) -> String?, _ level: Int) {
    let (keyword, value) = Self.command(rest)
    switch keyword {
    case "label": open?.title = value.filter { $0 != "^" }
    case "default": open?.isMenuDefault = true
    case "hide": open?.isHidden = true
    case "disable", "disabled": open?.isDisabled = true
    case "save": savesChoice = true
    case "separator": close()
    case "begin":
      close()
      depth += 1
    case "end":
      close()
      depth = max(0, depth - 1)
    case "include": readFile(value, include, level)
    default: break
    }
  }

  private mutating func close() {
    guard var label = open else { return }
    label.append = label.append ?? append
    labels.append(label)
    open = nil
  }

  /// As atoi(3) reads it.
  private static func number(_ text: String) -> Int { Int(text.prefix { $0.isNumber }) ?? 0 }

  private static let kinds: Set<String> = [
    "localboot", "kernel", "linux", "boot", "bss", "pxe", "fdimage", "comboot", "com32", "config",
  ]

  // MARK: - Choosing

  /// The first of that name, as the loader takes it. Names differ by case.
  func label(_ name: String) -> Label? { labels.first { $0.name == name && !$0.isDisabled } }

  /// What a person would see first.
  var first: Label? { labels.first { !$0.isHidden && !$0.isDisabled } }

  /// DEFAULT names a program that shows a menu, as was usual before there was UI.
  var defaultMenuProgram: String? {
    guard menuProgram == nil, let name = defaultCommand?.words().first, label(name) == nil,
      name.lowercased().hasSuffix(".c32")
    else { return nil }
    return defaultCommand
  }

  private var hasMenu: Bool { (menuProgram ?? defaultMenuProgram) != nil }

  /// A menu or a prompt without a time limit.
  var waitsForPerson: Bool { (hasMenu || prompts) && timeout == 0 }

  /// The label, and what is appended to its command line, of a boot that nobody interferes with.
  func chosen(saved: String?) -> (label: Label, extra: String)? {
    if waitsForPerson { return nil }
    if hasMenu || prompts, let command = timeoutCommand { return resolved(command) }
    if hasMenu, savesChoice, let saved, let label = label(saved) { return (label, "") }
    if let command = defaultCommand, let chosen = resolved(command) { return chosen }
    guard hasMenu else { return nil }
    let shown = labels.filter { !$0.isInSubmenu && !$0.isHidden && !$0.isDisabled }
    return (shown.last(where: \.isMenuDefault) ?? shown.first).map { ($0, "") }
  }

  private func resolved(_ command: String) -> (label: Label, extra: String)? {
    let words = command.words()
    guard let label = words.first.flatMap(label) else { return nil }
    return (label, words.dropFirst().joined(separator: " "))
  }
}

extension ExtlinuxConfig.Label {
  /// Without the initrd, which the loader is told by a word of its own where no line names it.
  var commandLine: String {
    let own = append == "-" ? "" : append ?? ""
    let line = arguments.isEmpty ? own : own.isEmpty ? arguments : "\(arguments) \(own)"
    guard initrd == nil, line.contains("initrd=") else { return line }
    return line.words().filter { !$0.hasPrefix("initrd=") }.joined(separator: " ")
  }

  /// As they are written.
  var initrds: [String] {
    let word = (append ?? "").words().last { $0.hasPrefix("initrd=") }?.dropFirst("initrd=".count)
    return (initrd ?? word.map(String.init) ?? "").split(separator: ",").map {
      String($0).trimmingWhitespace()
    }
  }
}
