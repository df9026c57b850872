import PawlModel

/// Looks after a trial that may go wrong in any way: a kernel that does not prove itself in time is
/// restarted by force, and what comes up then is the old one. It needs a clock and its own memory;
/// what it knows of the trial may stop coming at any time.
public struct DeadlineGuard {
  /// What is known of the trial now.
  public enum View: Sendable, Hashable {
    case undecided(deadlineSeconds: Int)
    /// It failed: the host is about to be restarted into the old kernel.
    case leaving
    case decided
    /// The journal cannot be read, or knows nothing of this trial.
    case unknown
  }

  /// What the guard does, besides reading a clock.
  public struct Means {
    /// Milliseconds since the start of this boot.
    public var bootMillis: () -> Int64
    public var view: () -> View
    /// Asked again as long as there is none: a driver may come late.
    public var findWatchdog: () -> WatchdogSearch
    /// Returns only where the machine could not be restarted.
    public var restart: () -> Void
    /// False where the guard was told to end.
    public var wait: (_ seconds: Int) -> Bool
    public var say: (String) -> Void

    public init(
      bootMillis: @escaping () -> Int64, view: @escaping () -> View,
      findWatchdog: @escaping () -> WatchdogSearch, restart: @escaping () -> Void,
      wait: @escaping (Int) -> Bool, say: @escaping (String) -> Void
    ) {
      self.bootMillis = bootMillis
      self.view = view
      self.findWatchdog = findWatchdog
      self.restart = restart
      self.wait = wait
      self.say = say
    }
  }

  /// Looked for in what is left of a lost boot.
  static let lastWords =
    "The new kernel did not prove itself in time; the host is restarted by force."

  /// What the health check itself may take after the plan's own deadline.
  static let grace = 120
  /// What an orderly restart into the old kernel may take.
  static let leave = 300
  /// After which the watchdog resets a machine that stands still.
  public static let watchdogSeconds = 60
  private static let interval = 5

  private let means: Means
  private var limit: Int64
  private var leavingSince: Int64?
  private var watchdog: (any GuardWatchdog)?
  private var told: String?

  public init(_ means: Means) {
    self.means = means
    // Nothing better is known where the journal never could be read in this boot.
    limit = Self.millis(TrialTerms(token: "").deadlineSeconds + Self.grace)
  }

  /// Returns once the trial is decided, or the guard was told to end.
  public mutating func run() {
    while true {
      guard takeUp(means.view()) else { return standDown() }
      lookForWatchdog()
      if means.bootMillis() > limit {
        means.say(Self.lastWords)
        // Not fed any more: where the restart hangs too, the watchdog ends that.
        means.restart()
      } else {
        feed()
      }
      guard means.wait(Self.interval) else { return leave() }
    }
  }

  /// False where there is nothing left to guard.
  private mutating func takeUp(_ view: View) -> Bool {
    switch view {
    case .decided: return false
    case .undecided(let seconds): limit = Self.millis(seconds + Self.grace)
    case .leaving:
      let since = leavingSince ?? means.bootMillis()
      leavingSince = since
      limit = since + Self.millis(Self.leave)
    case .unknown: break
    }
    return true
  }

  private static func millis(_ seconds: Int) -> Int64 { Int64(seconds) * 1000 }

  // MARK: - The watchdog

  private mutating func lookForWatchdog() {
    guard watchdog == nil else { return }
    switch means.findWatchdog() {
    case .found(let found):
      watchdog = found
      say("\(found.title) watches over this trial.")
    case .none(let why): say(why)
    }
  }

  /// One that does not take its food any more would reset the host before the time.
  private mutating func feed() {
    guard let watchdog, !watchdog.feed() else { return }
    means.say("\(watchdog.title) does not take a sign of life; it may reset the host early.")
  }

  private func standDown() {
    guard let sentence = watchdog?.standDown() else { return }
    means.say(sentence)
  }

  /// The host is being restarted, or somebody ends the guard: a kernel that hangs while it goes
  /// down is reset all the same.
  private func leave() { watchdog?.leaveCounting(seconds: Self.leave) }

  private mutating func say(_ sentence: String) {
    guard sentence != told else { return }
    told = sentence
    means.say(sentence)
  }
}
