/// Which kernel came up, and what became of the trial: from all that is known, never from one sign
/// alone. Pure, and total over everything that a boot may leave.
public enum TrialProof {
  public static func verdict(
    _ trial: TrialRecord, _ terms: TrialTerms, now: BootIdentity, traces: LoaderTraces
  ) -> RebootVerdict {
    let armed = trial.armed
    if now.bootID == armed.before.bootID { return .sameBoot }
    if now.carries(terms.token) { return proof(of: now, armed.expected) }
    if now.release == armed.expected.release {
      return .otherKernel(
        "\(now.release) was started, but not by its trial entry: what was to bring the host back "
          + "from a hang was missing, so it has proved nothing.")
    }
    return withoutTrial(trial, now: now, traces: traces)
  }

  /// The token alone may come from a crash kernel, or from an image that was exchanged.
  private static func proof(of now: BootIdentity, _ expected: ExpectedKernel) -> RebootVerdict {
    var wrong: [String] = []
    if now.release != expected.release {
      wrong.append("it is \(now.release), not \(expected.release)")
    }
    if let version = expected.version, version != now.version {
      wrong.append("it is the build \"\(now.version)\", not \"\(version)\"")
    }
    if let buildID = expected.buildID, buildID != now.buildID {
      wrong.append("its build id is \(now.buildID ?? "missing"), not \(buildID)")
    }
    guard !wrong.isEmpty else { return .proven }
    return .otherKernel(
      "The trial entry was started, but another kernel came up: \(wrong.joined(separator: "; ")).")
  }

  private static func withoutTrial(
    _ trial: TrialRecord, now: BootIdentity, traces: LoaderTraces
  ) -> RebootVerdict {
    let release = trial.armed.expected.release
    if traces.wasTrialStarted == true || trial.report?.isTrial == true {
      return .otherKernel(
        "\(release) was started and went down before it had proved itself; the host came back with "
          + "\(now.release).")
    }
    if traces.isOneShotSet == true {
      return .notTried(
        "The host was restarted, but not into \(release): the boot loader still has it down as the "
          + "next boot. Somebody chose an entry by hand, or the loader could not write.")
    }
    guard trial.isOneShotSet else {
      return .notTried("The host went down before the trial of \(release) was set up.")
    }
    let what =
      traces.wasTrialStarted == false
      ? "the boot loader used up the one boot of \(release) without starting it"
      : "\(release) did not come up"
    return .otherKernel("The trial failed: \(what). The host came back with \(now.release).")
  }
}

extension BootIdentity {
  /// Only the trial entry has the token on its command line.
  public func carries(_ token: String) -> Bool {
    commandLine.split(separator: " ").contains { $0 == "pawl.trial=\(token)" }
  }
}
