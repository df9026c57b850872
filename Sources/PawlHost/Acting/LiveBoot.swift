import Foundation
import Glibc
import PawlModel

extension LiveHost: HostBoot {
  public func bootIdentity() -> BootIdentity { BootIdentityReader(root: root).read(now().bootID) }
  public func health() -> HealthState {
    HealthState(
      failedUnits: nil, mounts: [], rootIsWritable: true, defaultRoutes: [], modules: [],
      wantedModules: [], dkmsModules: nil, taint: nil)
  }
  public func trialAhead(_ terms: TrialTerms, release: String) throws -> ArmedTrial {
    throw PawlError(.refused, "No boot loader is known here.")
  }
  public func arm(_ terms: TrialTerms) throws {}
  public func disarm(_ terms: TrialTerms) throws {}
  public func loaderTrace(of terms: TrialTerms, recorded: Bool) -> LoaderTrace {
    LoaderTrace(oneShot: .unknown, tried: .unknown, oneShotWasRecorded: recorded)
  }
  public var isCrashKernel: Bool { access("/proc/vmcore", F_OK) == 0 }
  public func builtInModules() -> [String] { [] }
  public func evidence(ofBootAfter boot: BootID) -> [String: String] { [:] }
  public func restart(_ kind: RestartKind, saying message: String) throws {
    throw PawlError(.refused, "This host is not restarted by Pawl yet.")
  }
}

struct BootIdentityReader {
  let root: String
  func read(_ boot: BootID) -> BootIdentity {
    BootIdentity(
      bootID: boot, release: LiveHost().runningRelease(), version: "", buildID: nil, commandLine: ""
    )
  }
}
