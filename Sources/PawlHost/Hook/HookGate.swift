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

extension BootIdentity {
  /// Started by a trial entry, whosever trial it is.
  public var isTrialBoot: Bool {
    commandLine.split(separator: " ").contains { $0.hasPrefix("pawl.trial=") }
  }

  /// Only the trial entry has the token on its command line.
  public func isTrial(of token: String) -> Bool {
    commandLine.split(separator: " ").contains { $0 == "pawl.trial=\(token)" }
  }

  /// The person at the console wants no automatic action in this boot.
  public var forbidsResume: Bool {
    commandLine.split(separator: " ").contains("pawl.resume=no")
  }
}
