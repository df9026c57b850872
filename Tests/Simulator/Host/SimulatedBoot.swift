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
    try requireReady(terms, release: release)
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

  /// As the live host looks: the menu has both entries, and the way back leads to what runs.
  private func requireReady(_ terms: TrialTerms, release: String) throws {
    guard world.scenario.hasMenu else { return }
    guard let wanted = world.wantedEntries ?? nil, world.isWhole("/boot/vmlinuz-\(release)"),
      world.holds(.trial(release, token: terms.token))
    else { throw PawlError(.refused, "The boot menu has no entry for this trial.") }
    guard wanted.fallback.hasSuffix("/vmlinuz-\(world.release)") else {
      throw PawlError(.refused, "\(world.release) runs, and the way back leads elsewhere.")
    }
  }

  public func arm(_ terms: TrialTerms) throws {
    try world.reach(.armBefore, life: life)
    world.oneShot = terms.trialEntry
    try world.reach(.armAfter, life: life)
  }

  public func disarm(_ terms: TrialTerms) throws {
    try world.reach(.disarmBefore, life: life)
    if world.oneShot == terms.trialEntry { world.clearOneShot() }
    try world.reach(.disarmAfter, life: life)
  }

  public func loaderTrace(of terms: TrialTerms, recorded: Bool) -> LoaderTrace {
    LoaderTrace(
      oneShot: world.oneShot == terms.trialEntry ? .stillSet : .consumed,
      tried: world.tried == terms.token ? .ours : .notOurs, oneShotWasRecorded: recorded)
  }

  public var isCrashKernel: Bool { false }
  public func builtInModules() -> [String] { [] }

  public func evidence(after armed: ArmedTrial) -> TrialEvidence {
    TrialEvidence(summary: "Nothing was left behind.")
  }

  public func restart(_ kind: RestartKind, saying message: String) throws {
    try world.reach(.restartBefore, life: life)
    guard !world.isRestartAsked else {
      throw PawlError(.stepFailed, "The init system refused to restart the host: it goes down.")
    }
    world.isRestartAsked = true
    try world.reach(.restartAfter, life: life)
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

  /// What the loader starts, with what on its command line. `byHand`: somebody stands there.
  func loaderStarts(byHand choice: String?) -> (release: String, commandLine: String) {
    let plain = "root=/dev/sda1"
    guard scenario.hasMenu else { return (choice ?? release, plain) }
    let once = oneShot
    if !loaderForgetsNothing { oneShot = nil }
    if let choice { return (choice, plain) }
    if let trial = menu?.entries.first(where: { $0.id == once }), let token = trial.token {
      tried = token
      trialBoots += 1
      if scenario.trialKernel != .panics, isWhole(trial.image) {
        return (trial.release, "\(plain) pawl.trial=\(token)")
      }
      // One boot of the new kernel that nobody saw.
      boots += 1
    }
    switch plainBoot {
    case .starts(let release): return (release, plain)
    case .startsOthers, .stuck: return (scenario.plan.runningRelease, plain)
    }
  }

  /// What a boot does that nobody interferes with, by what stands in the menu and on the disk.
  enum PlainBoot: Hashable {
    case starts(String)
    /// What somebody else put there, and no entry of Pawl's chose.
    case startsOthers
    case stuck(why: String)
  }

  var plainBoot: PlainBoot {
    guard let menu else { return .stuck(why: "the boot menu is not whole") }
    guard let entry = menu.chosen else { return .stuck(why: "the boot menu chooses nothing") }
    // Without a pin the loader starts what is newest, whoever put it there.
    if !entry.isOwn, isOthers(entry.image) { return .startsOthers }
    guard isWhole(entry.image) else { return .stuck(why: "\(entry.image) is not whole") }
    return .starts(entry.release)
  }

  /// Somebody else wrote these bytes, or undo brought them back.
  func isOthers(_ path: String) -> Bool {
    let digest = disk[path]?.digest
    return authors[path] == .somebodyElse
      || foreignEdits.contains { $0.path == path && $0.digest == digest }
  }

  /// Whether a kernel could start: its image, and its initramfs where its plan makes one.
  func isWhole(_ image: String) -> Bool {
    guard let node = disk[image] else { return false }
    if isOthers(image) { return true }
    guard image.hasSuffix(Scenario.newRelease) else {
      return node.bytes == scenario.files[Scenario.fallback]?.bytes
    }
    let makesInitramfs = scenario.plan.steps.contains { $0.id == "hooks" }
    let initramfs = disk["/boot/initrd.img-\(Scenario.newRelease)"]?.bytes
    return node.bytes == Scenario.newImage
      && (!makesInitramfs || initramfs == Scenario.newInitramfs)
  }
}
