import Foundation
import Glibc
import PawlModel

/// Runs another program on behalf of one of Pawl's own, with its output passed on.
public struct Tool {
  private let processes: any HostProcesses
  private let identity: Identity
  private let environment: [String: String]
  private let spool: String

  /// `spool` is a file that only this process uses.
  public init(
    processes: any HostProcesses, identity: Identity, environment: [String: String], spool: String
  ) {
    self.processes = processes
    self.identity = identity
    self.environment = environment
    self.spool = spool
  }

  /// For what Pawl does to the host itself, as whoever it runs as.
  public static func ofHost(_ processes: any HostProcesses) -> Tool {
    Tool(
      processes: processes, identity: LiveHost.ownIdentity(),
      environment: [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C",
        "HOME": "/",
      ],
      spool: NSTemporaryDirectory() + "pawl-tool-\(UUID().uuidString)")
  }

  /// Throws `stepFailed` where the program cannot be started or does not end with 0.
  public func run(
    _ argv: [String], directory: String = "/", adding own: [String: String] = [:]
  ) throws {
    let report = try attempt(argv, directory: directory, adding: own)
    guard report.succeeded else {
      throw PawlError(
        .stepFailed, "\(argv.first ?? "The program") did not end well: \(report.ending.sentence)",
        hint: "Its own words are above.")
    }
  }

  /// For programs whose failures are told apart by the caller.
  public func attempt(
    _ argv: [String], directory: String = "/", adding own: [String: String] = [:]
  ) throws -> ExitReport {
    print("+ \(argv.joined(separator: " "))")
    // Else it stands behind what the program says, and is taken for the reason of its failure.
    fflush(nil)
    let request = ProcessRequest(
      argv: argv, directory: directory, environment: environment.merging(own) { _, new in new },
      identity: identity, timeoutSeconds: 24 * 3600, token: environment["PAWL_ATTEMPT"] ?? "",
      spool: spool)
    let report = try processes.run(request) { tick in
      try? FileHandle.standardOutput.write(contentsOf: Data(tick.output))
      return .goOn
    }
    processes.removeSpool(spool)
    return report
  }
}
