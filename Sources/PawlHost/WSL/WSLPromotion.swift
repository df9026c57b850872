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

/// Where the modules of a WSL kernel are.
public enum WSLDrivers: String, Sendable, Hashable, CaseIterable {
  /// Inside the image: every WSL can start it.
  case builtIn = "built-in"
  /// On a virtual disk that WSL attaches, from 2.5.1 on.
  case disk
}
