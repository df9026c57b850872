import PawlHost
import PawlModel

/// Promises about programs. The programs are the caller's: a simulated host has its own.
extension HostContract {
  private func request(_ argv: [String], timeoutSeconds: Int = 60) -> ProcessRequest {
    ProcessRequest(
      argv: argv, environment: ["PATH": "/usr/bin:/bin"], identity: identity,
      timeoutSeconds: timeoutSeconds, token: "contract", spool: path("spool"))
  }

  /// What a run told: all output, and the ticks that said it was the last.
  private func run(_ request: ProcessRequest) throws -> (ExitReport, output: [UInt8], ends: Int) {
    var output: [UInt8] = []
    var ends = 0
    let report = try host.run(request) { tick in
      output += tick.output
      if tick.hasEnded { ends += 1 }
      return .goOn
    }
    return (report, output, ends)
  }

  public func exitStatusIsReported(_ argv: [String], status: Int32) throws {
    let (report, _, ends) = try run(request(argv))
    try require(report.ending == .exited(status), "\(argv) ended as \(report.ending)")
    try require(ends == 1, "\(ends) last ticks")
  }

  public func outputIsHandedOut(_ argv: [String], expecting text: String) throws {
    let (report, output, _) = try run(request(argv))
    try require(report.succeeded, "\(argv) ended as \(report.ending)")
    let found = String(decoding: output, as: UTF8.self)
    try require(found == text, "the output is \"\(found)\"")
  }

  public func aMissingProgramIsNotStarted() throws {
    for name in ["pawl-no-such-program", "/nowhere/pawl-no-such-program"] {
      let (report, _, _) = try run(request([name]))
      guard case .notStarted(let sentence) = report.ending else {
        throw Broken(description: "\(name) ended as \(report.ending)")
      }
      try require(sentence.contains(name), "\"\(sentence)\" does not name the program")
    }
  }

  public func aLongProgramTimesOut(_ argv: [String]) throws {
    let (report, _, _) = try run(request(argv, timeoutSeconds: 1))
    try require(report.ending == .timedOut, "\(argv) ended as \(report.ending)")
  }

  public func aWatcherCanStop(_ argv: [String]) throws {
    let report = try host.run(request(argv)) { _ in .stop }
    try require(report.ending == .stopped, "\(argv) ended as \(report.ending)")
  }

  public func nobodySurvivesWithAnUnusedToken() throws {
    let token = "contract-unused"
    try require(host.survivors(token: token).isEmpty, "somebody survived")
    try require(host.endSurvivors(token: token, seconds: 1), "somebody is left")
    try require(host.awaitSurvivors(token: token, seconds: 1), "somebody is left")
  }
}
