import PawlHost
import PawlModel

/// A machine with a boot loader that starts the old kernel by default, and the new one once where
/// it was told to.
extension SimulatedHost: HostBoot {
  public func bootIdentity() -> BootIdentity {
    BootIdentity(
      bootID: world.bootID, release: world.release, version: "#1 SMP", buildID: world.buildID,
      commandLine: world.commandLine)
  }

  public func health() -> HealthState {
    let isUnwell = world.isOnTrial && world.scenario.trialKernel == .comesUpUnwell
    return HealthState(
      failedUnits: isUnwell ? ["network.service"] : [], mounts: ["/"], rootIsWritable: true,
      defaultRoutes: ["eth0"], modules: [], wantedModules: [], dkmsModules: nil, taint: 0)
  }

  public func trialAhead(_ terms: TrialTerms, release: String) throws -> ArmedTrial {
    let entry = { (id: String, release: String) in
      BootEntry(
        id: id, title: release, image: "/boot/vmlinuz-\(release)", initrds: [], commandLine: "")
    }
    return ArmedTrial(
      before: bootIdentity(),
      expected: KernelIdentity(release: release, version: nil, buildID: World.buildID(of: release)),
      trial: entry(terms.trialEntry, release),
      fallback: entry(terms.fallbackEntry, world.release), files: [:], health: health())
  }

  public func arm(_ terms: TrialTerms) throws {
    try world.reach(.armBefore, life: life)
    world.oneShot = terms.token
    try world.reach(.armAfter, life: life)
  }

  public func disarm(_ terms: TrialTerms) throws {
    try world.reach(.disarmBefore, life: life)
    if world.oneShot == terms.token { world.oneShot = nil }
    try world.reach(.disarmAfter, life: life)
  }

  public func loaderTrace(of terms: TrialTerms, recorded: Bool) -> LoaderTrace {
    LoaderTrace(
      oneShot: world.oneShot == terms.token ? .stillSet : .consumed,
      tried: world.tried == terms.token ? .ours : .notOurs, oneShotWasRecorded: recorded)
  }

  public var isCrashKernel: Bool { false }
  public func builtInModules() -> [String] { [] }

  public func evidence(after armed: ArmedTrial) -> TrialEvidence {
    TrialEvidence(summary: "Nothing was left behind.")
  }

  public func restart(_ kind: RestartKind, saying message: String) throws {
    try world.reach(.restartBefore, life: life)
    world.isRestartAsked = true
  }
}

/// What becomes of the new kernel of a scenario when it is started for its trial.
enum TrialKernel: CaseIterable {
  case works
  /// The machine comes back with the default entry by itself.
  case panics
  case comesUpUnwell
  /// Another build than the one that was installed.
  case isAnother
}

extension World {
  static func buildID(of release: String) -> String { "id-of-\(release)" }

  var buildID: String {
    isOnTrial && scenario.trialKernel == .isAnother ? "id-of-another" : Self.buildID(of: release)
  }

  var isOnTrial: Bool { commandLine.contains("pawl.trial=") }

  /// What the loader starts, with what on its command line.
  func loaderStarts(_ wanted: String) -> (release: String, commandLine: String) {
    guard let token = oneShot else { return (wanted, "root=/dev/sda1") }
    oneShot = nil
    tried = token
    guard scenario.trialKernel != .panics else {
      // One boot of the new kernel that nobody saw.
      boots += 1
      return (scenario.plan.runningRelease, "root=/dev/sda1")
    }
    return (Scenario.newRelease, "root=/dev/sda1 pawl.trial=\(token)")
  }

  /// What a plain boot starts: with a trial in the plan, the kernel known to boot.
  var defaultRelease: String {
    scenario.plan.steps.contains { $0.action.trialTerms != nil }
      ? scenario.plan.runningRelease : release
  }
}
