import CPawl
import Foundation
import Glibc
import PawlModel

extension LiveHost: HostBoot {
  public func bootIdentity() throws -> BootIdentity { try BootIdentityReader.read(root: .live) }

  public func health() -> HealthState {
    HealthReader(root: .live, tool: ToolOutput.live(processes: self)).read()
  }

  public func trialAhead(_ terms: TrialTerms, release: String) throws -> ArmedTrial {
    let ready = try arming(terms).ready(terms, release: release)
    return ArmedTrial(
      before: try bootIdentity(), expected: ready.expected, trial: ready.trial,
      fallback: ready.fallback, files: ready.files, health: health(), builtIn: builtInModules(),
      crashRecords: evidenceReader.marks().sorted())
  }

  public func arm(_ terms: TrialTerms) throws { try arming(terms).arm(terms) }

  public func disarm(_ terms: TrialTerms) throws {
    guard terms.wsl != nil || WSLDetection.detect(root: .live).version != 2 else {
      return try WSLRecall.live(self).takeBack()
    }
    try arming(terms).disarm(terms)
  }

  public func loaderTrace(of terms: TrialTerms, recorded: Bool) -> LoaderTrace {
    arming(terms).trace(of: terms, recorded: recorded)
  }

  private func arming(_ terms: TrialTerms) -> any TrialArming {
    guard let wsl = terms.wsl else { return TrialSetup(root: .live, host: self) }
    return WSLTrial.live(wsl, host: self)
  }

  public var isCrashKernel: Bool { access("/proc/vmcore", F_OK) == 0 }
  public func builtInModules() -> [String] {
    (HealthReader.builtInModules(release: runningRelease(), root: .live) ?? []).sorted()
  }
  public func evidence(after armed: ArmedTrial) -> TrialEvidence {
    let found = evidenceReader.collect(
      .after(armed.before.bootID), without: Set(armed.crashRecords))
    return TrialEvidence(
      summary: found.summary,
      texts: Dictionary(found.pieces.map { ($0.name, $0.text) }) { first, _ in first })
  }

  private var evidenceReader: BootEvidenceReader {
    BootEvidenceReader(root: .live, tool: ToolOutput.live(processes: self))
  }

  public func restart(_ kind: RestartKind, saying message: String) throws {
    switch kind {
    case .system: try restartSystem(saying: message)
    case .wsl: try WindowsPrograms.live(processes: self).shutDown()
    }
  }

  private func restartSystem(saying message: String) throws {
    let argv: [String]
    switch BootHook.initSystem(root: "/") {
    case .systemd where access("/run/systemd/system", F_OK) == 0:
      argv = ["systemctl", "reboot", "--message=\(message)"]
    case .openrc where access("/run/openrc", F_OK) == 0: argv = ["shutdown", "-r", "now", message]
    case .systemd, .openrc, .wsl, nil:
      throw PawlError(
        .refused, "No init system runs here that could restart this host.",
        hint: "Restart it yourself; the plan goes on after it.")
    }
    if isGoingDown { return }
    do {
      try ask(argv)
    } catch let error as PawlError {
      // Somebody else's restart was quicker: it is one all the same.
      guard isGoingDown else { throw error }
    }
  }

  /// systemd refuses a restart, and everything else, while one is under way.
  private var isGoingDown: Bool {
    let state = ToolOutput.live(processes: self).text(
      ["systemctl", "is-system-running"], accepting: [0, 1], seconds: 10)
    return state.value?.trimmingCharacters(in: .whitespacesAndNewlines) == "stopping"
  }

  /// The init system answers at once and restarts later; it is not waited for.
  private func ask(_ argv: [String]) throws {
    let request = ProcessRequest(
      argv: argv, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], identity: .root,
      timeoutSeconds: 60, token: "restart", spool: "/run/pawl-restart.out")
    let report = try run(request) { _ in .goOn }
    removeSpool(request.spool)
    guard report.succeeded else {
      throw PawlError(
        .stepFailed, "The init system refused to restart the host: \(report.ending).",
        hint: "Restart it yourself; the plan goes on after it.")
    }
  }

  /// Who else than root may change what stands there, in words; nil where nobody may.
  public static func writerBesidesRoot(of path: String) -> String? {
    do {
      try TrustedPath(path: path).check()
      return nil
    } catch {
      switch error {
      case .writable(_, let who): return who
      case .missing, .loop: return "nobody knows whom: it cannot be looked at"
      }
    }
  }
}
