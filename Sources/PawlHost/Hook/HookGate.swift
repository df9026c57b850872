import PawlModel

/// Whether the boot hook may do anything at all in this boot.
public enum HookGate: Sendable, Hashable {
  case open
  /// There is nothing to do, and nothing to say.
  case closed
  /// `pawl.resume=no`: nothing is done, and that is said.
  case forbidden

  /// - Parameters:
  ///   - here: nil where the kernel does not say which boot this is; then the journal decides alone.
  ///   - markIsThere: the file beside the journal says that a plan is open. A kernel that was started
  ///     for a trial says so too, also where the disk with the journal did not come up.
  public init(here: BootIdentity?, isCrashKernel: Bool, markIsThere: Bool) {
    if isCrashKernel {
      // It has the command line of the kernel that died, and only saves that one's memory.
      self = .closed
    } else if here?.forbidsResume == true {
      self = .forbidden
    } else {
      self = markIsThere || here?.isTrialBoot == true ? .open : .closed
    }
  }
}
