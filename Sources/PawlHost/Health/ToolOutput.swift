import Foundation
import Glibc
import PawlModel

/// Runs a program that only looks, and keeps what it says.
public struct ToolOutput {
  private let processes: any HostProcesses
  private let identity: Identity
  private let environment: [String: String]
  private let spool: String

  /// `spool` is a file that only this process uses. The environment needs a `PATH`.
  public init(
    processes: any HostProcesses, identity: Identity, environment: [String: String], spool: String
  ) {
    self.processes = processes
    self.identity = identity
    self.environment = environment
    self.spool = spool
  }

  /// What the program printed, errors included: the last `limit` bytes. Unreadable where it cannot
  /// be started, does not end in time or ends with a status that is not in `accepting`.
  public func text(
    _ argv: [String], accepting statuses: Set<Int32> = [0], seconds: Int = 30, limit: Int = 1 << 20
  ) -> Reading<String> {
    bytes(argv, accepting: statuses, seconds: seconds, limit: limit).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// The same as bytes.
  /// - Parameter statuses: nil where any exit status will do.
  func bytes(
    _ argv: [String], in directory: String = "/", accepting statuses: Set<Int32>? = [0],
    seconds: Int = 30, limit: Int = 1 << 20
  ) -> Reading<[UInt8]> {
    var kept: [UInt8] = []
    let request = ProcessRequest(
      argv: argv, directory: directory, environment: environment, identity: identity,
      timeoutSeconds: seconds, token: environment["PAWL_ATTEMPT"] ?? "pawl-looking", spool: spool)
    defer { processes.removeSpool(spool) }
    do {
      let report = try processes.run(request) { tick in
        kept += tick.output
        if kept.count > limit { kept.removeFirst(kept.count - limit) }
        return .goOn
      }
      guard case .exited(let status) = report.ending, statuses?.contains(status) != false else {
        return .unreadable("\(argv.first ?? "the program") did not end well: \(report.ending)")
      }
      return .present(kept)
    } catch { return .unreadable(String(describing: error)) }
  }
}

extension ToolOutput {
  /// On the system that runs, as whoever this process is.
  static func live(processes: any HostProcesses) -> ToolOutput {
    ToolOutput(
      processes: processes, identity: LiveHost.ownIdentity(),
      environment: [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C",
      ],
      spool: NSTemporaryDirectory() + "pawl-looking-\(getpid())-\(UUID().uuidString)")
  }
}
