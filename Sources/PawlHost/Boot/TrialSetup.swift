import PawlModel

/// A trial on the host that runs: looked at before it is armed, armed, disarmed, and what the loader
/// tells of it afterwards.
struct TrialSetup: TrialArming {
  let root: HostRoot
  let host: LiveHost

  private var loader: any BootLoader {
    get throws { try BootLoaders.require(root: root, files: host) }
  }

  private var tool: Tool { Tool.ofHost(host) }

  /// Throws, with what is missing, where a plain boot would not start the fallback as it once ran.
  func ready(_ terms: TrialTerms, release: String) throws -> ReadyTrial {
    let loader = try loader
    guard let own = try EntriesFile(root: root, files: host).read(), let trial = own.trial,
      own.token == terms.token
    else {
      throw PawlError(
        .refused, "The boot menu has no entry for this trial.",
        hint: "Something took it away. Roll the plan back and plan again.")
    }
    if case .unable(let why) = loader.oneShotAbility() {
      throw PawlError(
        .refused, "\(loader.name) cannot start a kernel once: \(why.joined(separator: " "))",
        hint: "Mend that, then approve the restart again.")
    }
    try loader.verify(own)
    let change = MenuChange(root: root, loader: loader, files: host, facts: host, tool: tool)
    try change.requireUnchanged(own)
    guard own.trialRelease == release else {
      throw PawlError(.refused, "The entry for the trial starts \(trial.image), not \(release).")
    }
    try requireOldKernel(own)
    let expected =
      KernelImage.identity(trial.image, root: root).value
      ?? KernelIdentity(release: release, version: nil, buildID: nil)
    return ReadyTrial(
      expected: expected, trial: trial, fallback: own.fallback, files: own.files)
  }

  /// The health of the kernel that runs is what the new one is measured by.
  private func requireOldKernel(_ own: PawlEntries) throws {
    let running = try host.bootIdentity().release
    guard own.fallbackRelease == running else {
      throw PawlError(
        .refused,
        "\(running) runs, but the way back leads to \(own.fallback.title): what is tried would be "
          + "compared with the wrong kernel.",
        hint: "Restart first, into the kernel that is the default now.")
    }
  }

  func arm(_ terms: TrialTerms) throws {
    try loader.setOneShot(terms.trialEntry, with: tool)
  }

  func disarm(_ terms: TrialTerms) throws {
    let loader = try loader
    guard try loader.oneShot() == terms.trialEntry else { return }
    try loader.clearOneShot(with: tool)
  }

  func trace(of terms: TrialTerms, recorded: Bool) -> LoaderTrace {
    guard let loader = try? loader else {
      return LoaderTrace(oneShot: .unknown, tried: .unknown, oneShotWasRecorded: recorded)
    }
    let tried: LoaderTrace.TriedMark
    switch loader.triedToken() {
    case .present(let token): tried = token == terms.token ? .ours : .notOurs
    case .absent: tried = .notOurs
    case .unreadable: tried = .unknown
    }
    return LoaderTrace(
      oneShot: oneShot(loader, terms), tried: tried, oneShotWasRecorded: recorded)
  }

  private func oneShot(_ loader: any BootLoader, _ terms: TrialTerms) -> LoaderTrace.OneShot {
    let memory = LoaderMemory(root: root, files: host, identity: LiveHost.ownIdentity())
    if memory.wasStillSet(terms) { return .stillSet }
    do {
      return try loader.oneShot() == terms.trialEntry ? .stillSet : .consumed
    } catch { return .unknown }
  }
}
