import PawlModel

/// All that a `kernel_config` step sets, each symbol once.
enum ConfigValues {
  static func merged(
    _ settings: [ConfigSetting], _ values: Values
  ) throws(PawlError) -> [String: String] {
    var merged: [String: String] = [:]
    for setting in settings {
      switch setting {
      case .option(let symbol, let value):
        try add(symbol, try values.expand(value), to: &merged)
      case .assignments(let text):
        let expanded = try values.expand(text)
        guard let parsed = Assignments.parse(expanded) else {
          throw PawlError(
            .usage, "\"\(expanded)\" is no list of options.", hint: "Write SYMBOL=y,OTHER=m.")
        }
        for (symbol, value) in parsed { try add(symbol, value, to: &merged) }
      }
    }
    return merged
  }

  private static func add(
    _ symbol: String, _ value: String, to merged: inout [String: String]
  ) throws(PawlError) {
    guard !value.unicodeScalars.contains(where: { $0.value < 32 }) else {
      throw PawlError(.usage, "The value of \(symbol) has control characters.")
    }
    if let other = merged[symbol], other != value {
      throw PawlError(
        .usage, "\(symbol) is set twice: to \(other) and to \(value).", hint: "Keep one of them.")
    }
    merged[symbol] = value
  }
}
