import PawlModel

/// How long a kernel on trial still has. Counted from its start: the wall clock may be wrong, and is
/// used only to say the time of day.
public struct TrialTime: Sendable, Hashable {
  /// Negative once the deadline is over.
  public let secondsLeft: Int64
  /// Milliseconds since 1970, by this host's clock.
  public let wallMillis: Int64

  /// `now`: of the boot that is the trial.
  public init(_ terms: TrialTerms, now: Stamp) {
    let left = Int64(terms.deadlineSeconds) * 1000 - now.bootMillis
    secondsLeft = left / 1000
    wallMillis = now.wallMillis + left
  }

  /// `14:32:10 UTC`.
  public var timeOfDay: String { Self.timeOfDay(wallMillis) }

  static func timeOfDay(_ wallMillis: Int64) -> String {
    let seconds = wallMillis / 1000
    let inDay = ((seconds % 86_400) + 86_400) % 86_400
    let parts = [inDay / 3600, inDay / 60 % 60, inDay % 60]
    let digits = parts.map { $0 < 10 ? "0\($0)" : "\($0)" }
    return digits.joined(separator: ":") + " UTC"
  }

  /// `9 min 5 s left`, or that it is over.
  public var inWords: String {
    guard secondsLeft > 0 else { return "the deadline is over" }
    let minutes = secondsLeft / 60
    let rest = "\(secondsLeft % 60) s left"
    return minutes > 0 ? "\(minutes) min \(rest)" : rest
  }
}
