/// What asking the host for something gave. Three answers, never two: something that cannot be read
/// is not the same as something that is not there.
public enum Reading<Value: Sendable>: Sendable {
  /// Looked for and not there.
  case absent
  /// There, or perhaps there, but not readable; the reason is a short English phrase.
  case unreadable(String)
  /// Read.
  case present(Value)

  /// The value, or nil for both other answers.
  public var value: Value? {
    switch self {
    case .present(let value): value
    case .absent, .unreadable: nil
    }
  }

  /// Why there is no value, in words; nil when there is one.
  public var reason: String? {
    switch self {
    case .present: nil
    case .absent: "not there"
    case .unreadable(let reason): reason
    }
  }

  /// The same answer about another value.
  public func map<Other: Sendable>(_ transform: (Value) -> Other) -> Reading<Other> {
    switch self {
    case .absent: .absent
    case .unreadable(let reason): .unreadable(reason)
    case .present(let value): .present(transform(value))
    }
  }
}

extension Reading: Equatable where Value: Equatable {}
