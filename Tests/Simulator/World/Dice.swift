/// Random numbers that are the same for the same seed on every machine (SplitMix64). Everything
/// that is left to chance in a simulation is thrown with these.
public struct Dice: Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0xD1B5_4A32_D192_ED03 }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 0 where the bound is 0 or 1.
  public mutating func below(_ bound: Int) -> Int {
    bound > 1 ? Int(next() % UInt64(bound)) : 0
  }

  public mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }

  public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  public mutating func pick<Option>(_ first: Option, _ others: Option...) -> Option {
    let index = below(others.count + 1)
    return index == 0 ? first : others[index - 1]
  }

  /// nil where there is nothing to choose from.
  public mutating func pick<Option>(from options: [Option]) -> Option? {
    options.isEmpty ? nil : options[below(options.count)]
  }
}
