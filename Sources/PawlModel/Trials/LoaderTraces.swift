/// What a boot loader left of a trial that was armed. nil: this loader, or this firmware, cannot
/// tell.
public struct LoaderTraces: Sendable, Hashable {
  /// The one-shot still waits: nothing has used it up.
  public var isOneShotSet: Bool?
  /// The trial entry was started, with the token of this trial.
  public var wasTrialStarted: Bool?
  /// `/proc/vmcore` is there: this is a crash kernel, started over the one that died.
  public var isCrashKernel: Bool

  public init(isOneShotSet: Bool?, wasTrialStarted: Bool?, isCrashKernel: Bool = false) {
    self.isOneShotSet = isOneShotSet
    self.wasTrialStarted = wasTrialStarted
    self.isCrashKernel = isCrashKernel
  }
}
