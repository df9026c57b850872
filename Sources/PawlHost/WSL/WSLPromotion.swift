import PawlModel

/// Names a kernel in `.wslconfig` for good, once it was tried.
public struct WSLPromotion {
  private let trial: WSLTrial

  public static func live(_ terms: WSLTerms, host: LiveHost) -> WSLPromotion {
    WSLPromotion(trial: .live(terms, host: host))
  }

  init(trial: WSLTrial) { self.trial = trial }

  /// Repeating it is safe.
  public func act() throws {
    try trial.promote()
    print("WSL starts \(trial.terms.kernel) by itself from now on.")
  }

  public func isDone() throws -> Bool { try trial.isPromoted() }
}
