/// What the Kconfig files of a source tree say about its symbols.
///
/// Read, not solved: every definition with the conditions it stands under, and who selects whom.
/// That is enough to explain a value that `olddefconfig` gave.
public struct KconfigTree: Sendable {
  /// A condition and where it comes from.
  struct Condition: Sendable {
    enum Origin: Sendable {
      case dependsOn, ifBlock, menu, prompt, visibleIf, choice
    }
    let text: String
    let origin: Origin
  }

  /// One `config` or `menuconfig` entry; a symbol may have several.
  struct Definition: Sendable {
    let file: String
    let line: Int
    /// `bool`, `tristate`, `string`, `int` or `hex`; nil where this entry does not say.
    var type: String?
    var prompt: String?
    /// What has to hold for the symbol to have any value of its own.
    var conditions: [Condition]
    /// What has to hold, besides, for a person's answer to count.
    var promptConditions: [Condition] = []
    var range: String?
    /// The choice it is a member of, by number.
    var choice: Int?
  }

  /// `select` or `imply` of one symbol by another.
  struct Selection: Sendable {
    let selector: String
    let condition: String?
    /// The conditions the selector itself stands under do not limit a select; kept for `imply`.
    let isImply: Bool
  }

  /// The root of the tree.
  public let path: String
  /// The architecture whose Kconfig was followed (`x86`, `arm64`).
  public let architecture: String
  /// Files that were named and could not be read, with the reason.
  public internal(set) var unread: [String] = []
  /// Number of files read.
  public internal(set) var fileCount = 0

  var definitions: [String: [Definition]] = [:]
  var selections: [String: [Selection]] = [:]
  /// Members of each choice.
  var choices: [[String]] = []

  /// Names of all symbols, unsorted.
  public var symbols: [String] { Array(definitions.keys) }

  /// True when the tree, for this architecture, has an entry for the symbol.
  public func has(_ symbol: String) -> Bool { definitions[symbol] != nil }

  init(path: String, architecture: String) {
    self.path = path
    self.architecture = architecture
  }

  /// Reads the Kconfig files of a source tree, from its `Kconfig` on.
  ///
  /// - Parameters:
  ///   - path: the root of the tree on this machine's disk.
  ///   - architecture: the name of its folder below `arch/` (`x86`); see `architecture(of:)`.
  /// - Returns: the tree; absent when `path` has no `Kconfig`.
  public static func load(path: String, architecture: String) -> Reading<KconfigTree> {
    let root = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    var reader = KconfigReader(tree: KconfigTree(path: root, architecture: architecture))
    switch reader.read("Kconfig") {
    case .present: return .present(reader.tree)
    case .absent: return .absent
    case .unreadable(let reason): return .unreadable(reason)
    }
  }

  /// The folder below `arch/` of the kernel a configuration is for: by its header, else by the
  /// symbols that name an architecture, else `x86`.
  public static func architecture(of config: KernelConfig) -> String {
    let marks = [
      ("X86", "x86"), ("ARM64", "arm64"), ("ARM", "arm"), ("RISCV", "riscv"), ("PPC", "powerpc"),
      ("S390", "s390"), ("LOONGARCH", "loongarch"), ("MIPS", "mips"), ("SPARC", "sparc"),
    ]
    for (symbol, folder) in marks where config.state(symbol) == .y { return folder }
    switch config.headerArchitecture {
    case "x86_64", "i386", nil: return "x86"
    case .some(let name): return name
    }
  }
}
