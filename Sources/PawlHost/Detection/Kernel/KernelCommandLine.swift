/// The kernel command line (`/proc/cmdline`), split as the kernel splits it.
public struct KernelCommandLine: Sendable, Equatable {
  /// One argument; `value` is nil where there is no `=`.
  public struct Argument: Sendable, Equatable {
    public let name: String
    public let value: String?
  }

  public let arguments: [Argument]

  /// Splits at white space; double quotes protect it and are removed. What follows ` -- ` belongs to
  /// init and is left out.
  public init(text: String) {
    var words: [String] = []
    var word = ""
    var quoted = false
    for character in text {
      if character == "\"" {
        quoted.toggle()
      } else if !quoted, character == " " || character == "\t" || character.isNewline {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(word) }
    arguments = words.prefix { $0 != "--" }.map { word in
      guard let equals = word.firstIndex(of: "=") else { return Argument(name: word, value: nil) }
      return Argument(
        name: String(word[..<equals]), value: String(word[word.index(after: equals)...]))
    }
  }

  /// Every value given to an argument, in order.
  public func values(_ name: String) -> [String] {
    arguments.filter { $0.name == name }.compactMap(\.value)
  }

  /// Reads `/proc/cmdline` below `root`.
  public static func read(root: HostRoot) -> Reading<KernelCommandLine> {
    root.text("/proc/cmdline").map { KernelCommandLine(text: $0) }
  }
}
