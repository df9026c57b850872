import PawlHost
import PawlModel

/// Early in a boot: a trial that was set and not used would start the new kernel at some later
/// restart, whoever asks for that one. Taking it back twice is safe.
public struct OneShotRecall {
  private let host: any HostBoot
  private let rememberStillSet: (TrialTerms) -> Void

  /// - Parameter rememberStillSet: told of a one-shot that this boot did not use, before it is taken
  ///   back: that the trial was not begun can be seen only then.
  public init(
    host: any HostBoot, rememberStillSet: @escaping (TrialTerms) -> Void = { _ in }
  ) {
    self.host = host
    self.rememberStillSet = rememberStillSet
  }

  /// Of every trial that was armed in another boot than this one and is not decided. Returns what
  /// could not be taken back, in sentences: one that fails does not keep the others from it.
  public func takeBack(of plans: [PlanRecord], here: BootID?) -> [String] {
    plans.flatMap(\.steps)
      .filter { $0.isOnTrial && (here == nil || $0.trial?.armed.before.bootID != here) }
      .compactMap { step in
        guard let terms = step.frozen.action.trialTerms else { return nil }
        let isRecorded = step.trial?.isOneShotSet ?? false
        if host.loaderTrace(of: terms, recorded: isRecorded).oneShot == .stillSet {
          rememberStillSet(terms)
        }
        return failure(of: terms)
      }
  }

  /// Where no journal tells of any: by the names that Pawl's entries always have.
  public func takeBackUnknown() -> [String] {
    do {
      try host.disarm(TrialTerms(token: ""))
      return []
    } catch let error as PawlError where error.code == .refused {
      // Where there is no loader that Pawl steers, it never set one.
      return []
    } catch { return [Self.failure(TrialTerms(token: ""), error)] }
  }

  private func failure(of terms: TrialTerms) -> String? {
    do {
      try host.disarm(terms)
      return nil
    } catch { return Self.failure(terms, error) }
  }

  private static func failure(_ terms: TrialTerms, _ error: any Error) -> String {
    "The boot loader may still start \(terms.trialEntry) at the next restart, and that could not be "
      + "taken back: \(error)"
  }
}
