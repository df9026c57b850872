/// One option that two configurations do not say the same of.
public struct KernelConfigChange: Sendable, Equatable, Codable {
  /// Without `CONFIG_`.
  public let symbol: String
  /// As it stands in the file, strings with their quotes, `n` for `is not set`; nil where it is not
  /// mentioned.
  @OrNull public private(set) var before: String?
  @OrNull public private(set) var after: String?

  /// In the order of the alphabet. Off and not mentioned are told apart: the second is what became of
  /// an option whose dependencies are gone.
  public static func between(
    _ first: KernelConfig, _ second: KernelConfig
  ) -> [KernelConfigChange] {
    Set(first.symbols).union(second.symbols).sorted().compactMap { symbol in
      let (before, after) = (first.raw(symbol), second.raw(symbol))
      return before == after
        ? nil : KernelConfigChange(symbol: symbol, before: before, after: after)
    }
  }
}
