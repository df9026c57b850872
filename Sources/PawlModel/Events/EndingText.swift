extension ExitReport.Ending {
  /// How a program ended, for a person.
  public var sentence: String {
    switch self {
    case .exited(let status): "it ended with exit status \(status)."
    case .signalled(let number): "it was ended by signal \(number)."
    case .timedOut: "it did not end within its time and was stopped with all its children."
    case .notStarted(let why): "it could not be started: \(why)"
    case .inProcess: "it was done."
    case .stopped: "it was stopped, as a person asked."
    }
  }
}
