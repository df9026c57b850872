import PawlHost
import PawlModel

/// Early in a boot: a trial that was set and not used would start the new kernel at some later
/// restart, whoever asks for that one. Taking it back twice is safe.
public struct OneShotRecall {
  private let host: any HostBoot

  public init(host: any HostBoot) { self.host = host }

  /// Of every trial that is not decided. Returns what could not be taken back, in sentences: one
  /// that fails does not keep the others from being taken back.
  public func takeBack(of plans: [PlanRecord]) -> [String] {
    plans.flatMap(\.steps).filter(\.isOnTrial).compactMap(\.frozen.action.trialTerms)
      .compactMap { failure(of: $0) }
  }

  /// Where no journal tells of any: by the names that Pawl's entries always have.
  public func takeBackUnknown() -> [String] {
    [failure(of: TrialTerms(token: ""))].compactMap(\.self)
  }

  private func failure(of terms: TrialTerms) -> String? {
    do {
      try host.disarm(terms)
      return nil
    } catch {
      return "The boot loader may still start \(terms.trialEntry) at the next restart, and that "
        + "could not be taken back: \(error)"
    }
  }
}
