/// How a new kernel is tried, as it was approved: frozen into the restart step.
public struct TrialTerms: Codable, Sendable, Hashable {
  /// Stands on the command line of the trial entry, as `pawl.trial=`, and nowhere else.
  public var token: String
  /// Ids of the loader's entries.
  public var trialEntry: String
  public var fallbackEntry: String
  /// From the start of the new kernel; one that has not proved itself by then has failed.
  public var deadlineSeconds: Int
  /// How long all must be well before the kernel has proved itself.
  public var settleSeconds: Int
  /// The recipe's own checks; exit 0 means well.
  public var checks: [Command]
  /// Modules that must be loaded, besides those that the host itself asks for.
  public var modules: [String]
  /// Whether a person ends the trial, by `pawl confirm`, once all is well.
  public var asksPerson: Bool
  /// Under WSL, which has no boot loader; nil elsewhere.
  public var wsl: WSLTerms?

  public init(
    token: String, trialEntry: String = "pawl-trial", fallbackEntry: String = "pawl-fallback",
    deadlineSeconds: Int = 600, settleSeconds: Int = 60, checks: [Command] = [],
    modules: [String] = [], asksPerson: Bool = false, wsl: WSLTerms? = nil
  ) {
    self.token = token
    self.trialEntry = trialEntry
    self.fallbackEntry = fallbackEntry
    self.deadlineSeconds = deadlineSeconds
    self.settleSeconds = settleSeconds
    self.checks = checks
    self.modules = modules
    self.asksPerson = asksPerson
    self.wsl = wsl
  }
}

extension Action {
  /// nil for what is no restart, and for a restart that tries no new kernel.
  public var trialTerms: TrialTerms? {
    switch self {
    case .restart(_, _, _, let trial): trial
    case .command, .writeFile, .appendLine, .removeFile, .copyFile, .copyTree, .kernelConfig,
      .build:
      nil
    }
  }
}
