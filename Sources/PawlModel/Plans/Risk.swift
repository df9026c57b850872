/// What a step can do to the host. Facts may raise it; nothing lowers it.
public enum Risk: String, Codable, Sendable, Hashable, CaseIterable, Comparable {
  case low, medium, high

  public static func < (left: Risk, right: Risk) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .low: 0
    case .medium: 1
    case .high: 2
    }
  }
}

/// How long what a step does lasts.
public enum Effects: String, Codable, Sendable, Hashable, CaseIterable {
  /// Nothing on disk and nothing in the kernel: no sync is owed.
  case none
  /// Dies with the boot: checked again under a new boot id.
  case volatile
  /// On disk: synced before the outcome is recorded.
  case durable
}

/// What happens to a step that was in flight when the runner, or the power, went away.
public enum InterruptedPolicy: String, Codable, Sendable, Hashable, CaseIterable {
  /// Its check decides: done only where it is proven done; otherwise a person is asked.
  case check
  /// It may be repeated under the approval it has.
  case retry
  /// A person decides, from a report of what was found.
  case ask
}
