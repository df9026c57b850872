/// The version of WSL itself, which decides what `.wslconfig` may hold and how a disk of modules is laid
/// out. (WSL's releases; research/kernel-facts.md §5.3)
public struct WSLVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let parts: [Int]

  public init(_ parts: [Int]) { self.parts = parts }

  /// From the first line of `wsl.exe --version`: `WSL version: 2.5.9.0`, in Windows' language, so that
  /// only the number is looked at. nil for the WSL that comes with Windows itself, which has no
  /// `--version` and prints how it is used.
  public init?(versionText text: String) {
    guard let line = text.split(whereSeparator: \.isNewline).first,
      let word = line.split(whereSeparator: { !$0.isASCII || !($0.isNumber || $0 == ".") }).last
    else { return nil }
    let parts = word.split(separator: ".").compactMap { Int($0) }
    guard parts.count >= 3, parts.count == word.split(separator: ".").count else { return nil }
    self.parts = parts
  }

  public var description: String { parts.map(String.init).joined(separator: ".") }

  /// Before, `kernelModules` is no key of its own, and WSL complains of its value.
  public var hasModulesDisk: Bool { self >= WSLVersion([2, 5, 1]) }

  public static func < (left: WSLVersion, right: WSLVersion) -> Bool {
    let count = max(left.parts.count, right.parts.count)
    func padded(_ parts: [Int]) -> [Int] { parts + Array(repeating: 0, count: count - parts.count) }
    return padded(left.parts).lexicographicallyPrecedes(padded(right.parts))
  }
}
