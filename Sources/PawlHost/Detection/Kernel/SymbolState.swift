/// What a kernel configuration says about one symbol.
public enum SymbolState: Sendable, Equatable, CustomStringConvertible {
  /// `CONFIG_X=y`: built in, or switched on.
  case y
  /// `CONFIG_X=m`: a module.
  case m
  /// `# CONFIG_X is not set` (or `CONFIG_X=n`): offered, and off.
  case n
  /// Not mentioned: its dependencies are unmet, or this kernel does not know it.
  case absent
  /// The configuration could not be read; the reason.
  case unreadable(String)
  /// A string (quotes and escapes removed), a decimal or a hexadecimal number.
  case value(String)

  /// `y`, `m` or `n`; nil for everything else.
  public var letter: String? {
    switch self {
    case .y: "y"
    case .m: "m"
    case .n: "n"
    case .absent, .unreadable, .value: nil
    }
  }

  public var description: String {
    switch self {
    case .y: "y"
    case .m: "m"
    case .n: "n"
    case .absent: "absent"
    case .unreadable(let reason): "unreadable (\(reason))"
    case .value(let text): text
    }
  }
}
