import PawlHost
import PawlJournal
import PawlModel

/// The folder of a build between two attempts: what an attempt that nobody saw end may have left
/// half done is removed, and what is there then is made durable and recorded, before `make`
/// trusts it. `make olddefconfig` builds its own tools there, and is treated alike.
struct BuildFolder {
  /// Times of files were seen up to 2.3 ms before a clock that was read before the write; starts
  /// of programs have a grain of 10 ms.
  static let slackNanos: Int64 = 1_000_000_000

  let performer: Performer
  let directory: String
  let command: Command
  /// The configuration is what the step makes, not what it makes its objects from.
  var writesConfiguration = false

  enum Fitness {
    /// With variables that the next attempt needs beside those of the plan.
    case fit([String: String])
    case unfit(why: String)
  }

  private var context: RunnerContext { performer.context }
  private var step: StepRecord { performer.step }
  private var identity: Identity { step.frozen.runsAs }

  func makeFit() throws -> Fitness {
    var found = try look()
    if found == nil || (found?.mark == nil && step.tree == nil) {
      try context.host.makeBuildFolder(at: directory, as: identity)
      found = try look()
    }
    guard var tree = found else { return .unfit(why: "There is no folder at \(directory).") }
    let treatment = TreeTreatment.of(
      before: step.tree, endWasSeen: step.isOutcomeKnown, checkpoint: step.durableCutoff,
      sample: ownSample(), now: tree, wallNanos: context.host.now().wallMillis * 1_000_000)
    if case .refuse(let why) = treatment { return .unfit(why: why) }
    if powerWasLost, let why = try damagedSource() { return .unfit(why: why) }
    let notes = try treat(treatment)
    tree.configuration = try keep(configurationPath)
    tree.spreadConfiguration = try keep(spreadPath)
    tree.cutoff = try open()
    try sync()
    try append([.tree(tree)] + notes.map { .note($0) })
    return .fit(environment(after: treatment))
  }

  func close() throws { try context.host.closeBuild(at: directory, as: identity) }

  /// What is older than the answer was written by nobody who is at work now.
  func open() throws -> Int64 {
    try context.host.openBuild(at: directory, as: identity) - Self.slackNanos
  }

  func sync() throws { try context.host.sync(fileSystemsOf: [directory]) }

  // MARK: - Samples

  private var samplePath: String {
    "\(context.spoolFolder)/\(performer.plan.id)-\(step.id).cutoff"
  }

  private func token(ofAttempt attempt: Int) -> String {
    step.attemptToken(
      plan: performer.plan.id, journal: context.journal.journalID, attempt: attempt)
  }

  func keepSample(_ cutoff: Int64) {
    context.host.keepSample(
      CutoffSample(
        token: token(ofAttempt: step.attempts), bootID: context.host.now().bootID, cutoff: cutoff),
      at: samplePath)
  }

  /// A build that outlived its runner is ended now: what it has finished by now is whole.
  static func sampleSurvivors(of step: StepRecord, plan: PlanRecord, context: RunnerContext) {
    guard case .build(let directory, let command) = step.frozen.action else { return }
    let folder = BuildFolder(
      performer: Performer(context: context, plan: plan, step: step), directory: directory,
      command: command)
    guard let start = context.host.earliestStart(token: folder.token(ofAttempt: step.attempts))
    else { return }
    folder.keepSample(start - slackNanos)
  }

  private func ownSample() -> CutoffSample? {
    guard let sample = context.host.sample(at: samplePath),
      sample.bootID == context.host.now().bootID,
      sample.token == token(ofAttempt: step.attempts - 1)
    else { return nil }
    return sample
  }

  // MARK: - Looking

  private func look() throws -> BuildTree? {
    let environment = performer.plan.frozen.environment.merging(command.environment) { $1 }
    let found = try context.host.buildTree(
      at: directory, searchPath: environment["PATH"] ?? "", sources: sources, as: identity)
    guard var tree = found else { return nil }
    tree.fingerprint["environment"] = Self.digest(
      environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
    tree.fingerprint["command"] = Self.digest(command.argv.filter { !$0.hasPrefix("-j") })
    if !writesConfiguration { tree.fingerprint["configuration"] = try configuration()?.hex }
    return tree
  }

  /// Under another boot than the attempt before; its step was not seen to end.
  private var powerWasLost: Bool {
    guard let before = step.tree, !step.isOutcomeKnown else { return false }
    return before.bootID != context.host.now().bootID
  }

  /// The compiler takes a file of zeros for a source and ends well. Every file that was listed
  /// when the source was unpacked is read again; nil where all are as listed.
  private func damagedSource() throws -> String? {
    for source in sources {
      let list = source + ".manifest"
      guard case .file(_, let listed, _) = try context.host.state(at: list) else { continue }
      let found = try context.host.manifest(of: source, as: identity).listing
      guard SHA256.hash(Array(found.utf8)) != listed else { continue }
      return
        "The source in \(source) is no longer what is listed in \(list). Remove both, and make "
        + "the plan anew."
    }
    return nil
  }

  /// `make -C SOURCE`.
  private var sources: [String] {
    zip(command.argv, command.argv.dropFirst()).filter { $0.0 == "-C" }.map(\.1)
  }

  private static func digest(_ lines: [String]) -> String {
    SHA256.hash(Array(lines.joined(separator: "\n").utf8)).hex
  }

  private var configurationPath: String { directory + "/.config" }
  private var spreadPath: String { directory + "/include/config/auto.conf" }

  private func configuration() throws -> Digest? {
    try context.host.state(at: configurationPath).digest
  }

  private func keep(_ path: String) throws -> Digest? {
    guard try context.host.state(at: path).digest != nil else { return nil }
    return try context.journal.storeBlob { write in
      _ = try context.host.read(at: path, as: identity, chunk: write)
    }
  }

  // MARK: - Treating

  private func treat(_ treatment: TreeTreatment) throws -> [Note] {
    if case .trust = treatment { return [] }
    if case .repairAfterCut(let cutoff) = treatment { try restoreSpread(since: cutoff) }
    let repair = try context.host.treatBuild(at: directory, treatment, as: identity)
    switch treatment {
    case .clean, .repairAfterCut: try restoreConfiguration()
    case .trust, .removeInFlight, .refuse: break
    }
    return [Note(topic: "repair", text: Self.sentence(treatment, repair))]
  }

  /// The one that the build was begun with. What somebody wrote there since becomes a backup.
  private func restoreConfiguration() throws {
    guard let wanted = step.tree?.configuration, try configuration() != wanted else { return }
    let path = configurationPath
    let present = try context.host.state(at: path)
    _ = try keep(path)
    try append([.backup(Backup(path: path, before: present))])
    let left = try context.host.publish(
      at: path, metadata: nil, mode: nil, replacing: present, as: identity
    ) { write in
      try context.journal.readBlob(wanted, chunk: write)
    }
    try append([.fileChanged(FileChange(path: path, after: left))])
  }

  /// `make` compares `auto.conf` with the configuration to see which options have changed, and
  /// touches the stamps of these alone. One that was written right before a cut may have stamps
  /// that were not: with the older one back, all of them are touched again. Older than any
  /// `.config`, it is sure to be looked at. Before anything is removed: a crash in between leaves
  /// nothing that looks repaired.
  private func restoreSpread(since cutoff: Int64) throws {
    let present = try context.host.state(at: spreadPath)
    if case .file(let metadata, _, _) = present, metadata.modifiedNanos < cutoff { return }
    guard let wanted = step.tree?.spreadConfiguration else {
      guard case .file = present else { return }
      return try context.host.remove(at: spreadPath, expecting: present, as: identity)
    }
    let ancient = FileMetadata(
      mode: 0o644, uid: identity.uid, gid: identity.gid, modifiedNanos: 1_000_000_000)
    _ = try context.host.publish(
      at: spreadPath, metadata: ancient, mode: nil, replacing: present, as: identity
    ) { try context.journal.readBlob(wanted, chunk: $0) }
  }

  private static func sentence(_ treatment: TreeTreatment, _ repair: TreeRepair) -> String {
    let counts = repair.removed.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    let what = counts.isEmpty ? "nothing" : counts.joined(separator: ", ")
    switch treatment {
    case .trust, .refuse: return "Nothing was removed."
    case .removeInFlight:
      return "It was killed. Removed what may be half written: \(what); \(repair.kept) kept."
    case .repairAfterCut:
      return "Power was lost meanwhile. Removed what may be torn: \(what); "
        + "\(repair.kept) kept."
    case .clean(let why): return "\(why) It is built anew; removed: \(what)."
    }
  }

  /// A compiler cache may have lost bytes too: it is written anew, and not believed.
  private func environment(after treatment: TreeTreatment) -> [String: String] {
    switch treatment {
    case .repairAfterCut: ["CCACHE_RECACHE": "1"]
    case .clean where powerWasLost: ["CCACHE_RECACHE": "1"]
    case .clean, .trust, .removeInFlight, .refuse: [:]
    }
  }

  private func append(_ bodies: [EventBody]) throws {
    try context.journal.append(
      bodies.map { Entry(plan: performer.plan.id, step: step.id, $0) }, by: context.actor,
      at: context.host.now())
  }
}
