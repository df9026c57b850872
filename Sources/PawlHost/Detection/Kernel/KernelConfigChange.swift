/// One option that two configurations do not say the same of.
public struct KernelConfigChange: Sendable, Equatable, Codable {
  /// Without `CONFIG_`.
  public let symbol: String
  /// As it stands in the file, strings with their quotes, `n` for `is not set`; nil where it is not
  /// mentioned.
  public let before: String?
  public let after: String?

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(symbol, forKey: .symbol)
    try container.encode(before, forKey: .before)
    try container.encode(after, forKey: .after)
  }

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
