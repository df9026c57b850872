extension BootVerdict {
  /// What happened, for a person who is woken up by it.
  public func sentence(expected: ExpectedBoot, present: BootIdentity) -> String {
    let names = TrialNames(new: expected.trial.release, old: expected.fallback.release)
    let (new, old) = (names.new, names.old)
    let now = HostText.line(present.release, limit: 80)
    switch self {
    case .crashKernel:
      return "This is a crash kernel: another kernel crashed and this one only saves its memory. "
        + "Pawl does nothing until the host has started normally again."
    case .sameBoot:
      return "The host has not been restarted since the trial of \(new) was prepared."
    case .trial: return "The new kernel \(new) is running, started for its trial."
    case .fellBack(let reason): return reason.sentence(new: new, old: old)
    case .notTried(let reason): return reason.sentence(new: new, old: old)
    case .anotherKernel(let reason): return reason.sentence(new: new, old: old, now: now)
    }
  }
}

extension BootVerdict.FallBackReason {
  fileprivate func sentence(new: String, old: String) -> String {
    let back = "The host is back on the old kernel \(old)."
    switch self {
    case .markedAsTried:
      return "The new kernel \(new) was started and did not prove itself. \(back)"
    case .oneShotConsumed:
      return
        "The boot loader took the order to start \(new) once, and \(new) did not prove itself. \(back)"
    case .consumedWithoutMark:
      return "The boot loader took the order to start \(new) once, but did not get as far as "
        + "starting it: its files could not be loaded, or somebody chose another entry in the "
        + "menu. \(back)"
    case .loaderCannotTell:
      return "The trial of \(new) was ordered and \(old) is running. The boot loader leaves "
        + "nothing to tell whether \(new) was started, so the trial counts as failed."
    }
  }
}

extension BootVerdict.NotTriedReason {
  fileprivate func sentence(new: String, old: String) -> String {
    let state = "The old kernel \(old) is running and \(new) was not tried"
    switch self {
    case .neverSet:
      return "\(state): the host went down before the order to start it once was complete."
    case .notConsumed:
      return "\(state): the boot loader did not take the order to start it once. Somebody chose "
        + "another entry in the menu, or the loader cannot write. The order is taken back, or the "
        + "next restart would start \(new)."
    case .notMarked:
      return "\(state): its boot menu entry was never chosen. The order to start it once is taken "
        + "back."
    }
  }
}

extension BootVerdict.OtherKernelReason {
  fileprivate func sentence(new: String, old: String, now: String) -> String {
    let stop = "Nothing more is done by itself; a person has to look."
    switch self {
    case .tokenOnFallback:
      return "The trial entry was started, but it started the old kernel \(old) instead of "
        + "\(new). \(stop)"
    case .tokenOnOtherRelease:
      return "The trial entry was started, but \(now) is running instead of \(new). \(stop)"
    case .tokenOnOtherBuild:
      return "The trial entry started a kernel that is called \(new), but it is not proven to be "
        + "the one that was built for this trial. \(stop)"
    case .trialKernelWithoutToken:
      return "The new kernel \(new) is running, but not by its trial entry: somebody chose it in "
        + "the menu. That is no trial, because a hang would not have returned. \(stop)"
    case .tokenOfAnotherTrial:
      return "\(now) was started for another trial than the one that was prepared. \(stop)"
    case .sameReleaseOtherBuild:
      return "A kernel that is called \(new) is running, but not the one that was built for the "
        + "trial, and not by the trial entry. \(stop)"
    case .thirdKernel:
      return "\(now) is running: neither the new kernel \(new) nor the old one, \(old). \(stop)"
    }
  }
}
