import PawlHost
import PawlJournal
import PawlModel

/// Performs one started step and says what came of it. The entries it returns are not yet
/// written: the runner commits them alone or together with the next intent.
struct Performer {
  let context: RunnerContext
  let plan: PlanRecord
  let step: StepRecord

  // MARK: - Before the start

  enum BackupOutcome {
    case ready([Entry])
    /// The file changed between the look and the backup.
    case changed([Fact], why: String)
  }

  private var pathsWithoutBackup: [String] {
    step.frozen.pathsToBackUp.filter { step.backups[$0] == nil }
  }

  /// What an earlier attempt's program left, or somebody wrote over it since: it goes into the
  /// journal beside the first backup, which stays the one that undo brings back.
  private var pathsToKeepAnew: [String] {
    guard step.attempts > 0, step.frozen.action.runsProgram else { return [] }
    return step.frozen.pathsToBackUp.filter { step.backups[$0] != nil }
  }

  var needsBackup: Bool { !pathsWithoutBackup.isEmpty || !pathsToKeepAnew.isEmpty }

  /// Stores the bytes of every file that the step will change, reads them back, and returns the
  /// entries that go into the transaction of the step's intent.
  func backUp() throws -> BackupOutcome {
    var entries: [Entry] = []
    for path in try pathsWithoutBackup + pathsToKeepAnew.filter(isUnknown) {
      let before = try storeBytes(at: path)
      let isRefused = step.frozen.facts.contains { $0.path == path && !plan.holds($0, before) }
      if isRefused, step.state != .interrupted {
        let facts = step.frozen.facts.map { $0.path == path ? Fact(path, now: before) : $0 }
        return .changed(facts, why: "\(path) changed while step \"\(step.id)\" was about to begin.")
      }
      entries.append(entry(.backup(Backup(path: path, before: before))))
    }
    return .ready(entries)
  }

  private func isUnknown(_ path: String) throws -> Bool {
    let present = try context.host.state(at: path)
    let known = [step.backups[path]?.before, step.changes[path]?.after]
    return !known.contains { $0?.sameContent(as: present) == true }
  }

  /// Somebody may have written between the backup and the act. What an earlier attempt may have
  /// left is kept before it is replaced, whosever it is; else a sentence why nothing is replaced.
  func keep(_ present: FileState, at path: String) throws -> String? {
    let known = [step.backups[path]?.before, step.changes[path]?.after]
    if known.contains(where: { $0?.sameContent(as: present) == true }) { return nil }
    guard step.attempts > 1 else {
      return "\(path) was changed by somebody else while step \"\(step.id)\" began. Look at it, "
        + "then approve the step again."
    }
    let kept = entry(.backup(Backup(path: path, before: try storeBytes(at: path))))
    try context.journal.append([kept], by: context.actor, at: context.host.now())
    return nil
  }

  /// For a step that is found done after an attempt nobody saw end: what stands in its files now
  /// is what it left, and kept as well, since somebody may have written there in the meantime.
  func entriesWithProof() throws -> [Entry] {
    guard !step.isOutcomeKnown else { return [] }
    var entries: [Entry] = []
    for path in pathsToKeepAnew {
      if try isUnknown(path) {
        entries.append(entry(.backup(Backup(path: path, before: try storeBytes(at: path)))))
      }
      entries.append(
        entry(.fileChanged(FileChange(path: path, after: try context.host.state(at: path)))))
    }
    return entries
  }

  private func entry(_ body: EventBody) -> Entry { Entry(plan: plan.id, step: step.id, body) }

  private func storeBytes(at path: String) throws -> FileState {
    let before = try context.host.state(at: path)
    guard case .file(_, let digest, _) = before else { return before }
    let stored = try context.journal.storeBlob { write in
      _ = try context.host.read(at: path, as: context.keeper(of: plan), chunk: write)
    }
    guard stored == digest else {
      throw PawlError(
        .needsPerson, "\(path) is being written to by somebody else.",
        hint: "Find out who, then run `pawl resume`.")
    }
    return before
  }

  /// A restart is never performed without its wait: the next boot finds both or neither.
  var entriesWithStart: [Entry] {
    guard case .restart(_, let message, _, _) = step.frozen.action else { return [] }
    return [Entry(plan: plan.id, .plan(PlanChange(.wait(.reboot), why: message)))]
  }

  // MARK: - The act

  func act() throws -> [Entry] {
    let began = context.host.now().bootMillis
    var result: ActResult
    do {
      result = try performAction()
      if result.exit.ending == .inProcess {
        result.exit.millis = context.host.now().bootMillis - began
      }
    } catch let error as PawlError {
      result = ActResult(
        exit: ExitReport(.notStarted(error.message), millis: 0), failure: error.description)
    }
    return try settle(result)
  }

  private func performAction() throws -> ActResult {
    switch step.frozen.action {
    case .command(let command): try ProgramAct(performer: self).run(command)
    case .build(let directory, let command):
      try BuildAct(performer: self).run(command, directory: directory)
    case .writeFile, .appendLine, .removeFile, .copyFile:
      try FileActions(context: context, plan: plan, step: step).perform()
    case .copyTree(let from, let to): try TreeCopy(performer: self).perform(from: from, to: to)
    case .kernelConfig(let source, let build, let set, let make):
      try KernelConfigAct(performer: self).run(source: source, build: build, set: set, make: make)
    case .restart: ActResult(exit: ExitReport(.inProcess, millis: 0))
    }
  }

  /// An exit status is a claim. The step has succeeded when what it wrote is on disk, its check
  /// finds the effect, and what it was to make is there.
  private func settle(_ result: ActResult) throws -> [Entry] {
    var result = result
    if result.exit.ending == .stopped { return entries(for: result, event: .interrupt) }
    if waitsForPerson(result) { return entriesForPerson(result) }
    if result.failure == nil, !result.exit.succeeded {
      result.failure =
        "Step \"\(step.id)\" failed: \(result.exit.ending.sentence)" + result.lastWords
        + meaning(of: result.lastWords)
    }
    if result.failure == nil { try prove(&result) }
    try recordChanges(&result)
    if step.frozen.effects == .durable { try makeDurable(&result) }
    return entries(for: result, event: result.failure == nil ? .succeed : .fail)
  }

  /// One of Pawl's own jobs found that only a person can go on from here: a key has to be enrolled at the
  /// console, say. Nothing failed, and `pawl resume` looks again.
  private func waitsForPerson(_ result: ActResult) -> Bool {
    guard case .command(let command) = step.frozen.action, command.isOwnJob else { return false }
    return result.exit.ending == .exited(PawlError.Code.needsPerson.exitStatus)
  }

  private func entriesForPerson(_ result: ActResult) -> [Entry] {
    var result = result
    result.failure = "Step \"\(step.id)\" waits for a person." + result.lastWords
    return entries(for: result, event: .interrupt)
      + [Entry(plan: plan.id, .plan(PlanChange(.wait(.person), why: result.failure)))]
  }

  private func meaning(of words: String) -> String {
    guard case .command(let command) = step.frozen.action,
      let meaning = context.explainFailure(command, words)
    else { return "" }
    return (words.last?.isLetter == true ? ". " : " ") + meaning
  }

  private func prove(_ result: inout ActResult) throws {
    if step.frozen.check != nil {
      var seen = Observations(bootID: step.bootID)
      try Observer(context: context, plan: plan).answer(.check(step.id), in: &seen)
      switch seen.checks[step.id] {
      case .done, nil: break
      case .notDone:
        result.failure = "Step \"\(step.id)\" ended well, but its check does not find the effect."
      case .unclear(let why): result.failure = why
      }
    }
    for output in step.frozen.outputs where result.failure == nil {
      do {
        result.products.append(try context.host.manifest(of: output, as: step.frozen.runsAs))
      } catch let error as PawlError {
        result.failure = "Step \"\(step.id)\" did not make \(output): \(error.message)"
      }
    }
  }

  /// What a program left of the files it named: undo acts only while they still are this. Pawl's
  /// own file actions say themselves what they left; what else stands there is somebody else's.
  private func recordChanges(_ result: inout ActResult) throws {
    guard step.frozen.action.runsProgram, result.touchedFiles else { return }
    let known = Set(result.changes.map(\.path))
    for path in step.frozen.pathsToBackUp where !known.contains(path) {
      result.changes.append(FileChange(path: path, after: try context.host.state(at: path)))
    }
  }

  private func makeDurable(_ result: inout ActResult) throws {
    do {
      try context.host.sync(fileSystemsOf: plan.pathsWritten(by: step))
    } catch let error as PawlError {
      result.failure = "What step \"\(step.id)\" wrote could not be made durable: \(error.message)"
    }
  }

  private func entries(for result: ActResult, event: StepEvent) -> [Entry] {
    var entries = result.notes.map { entry(.note($0)) }
    entries += result.changes.map { entry(.fileChanged($0)) }
    if let output = result.output { entries.append(entry(.output(output))) }
    entries.append(
      entry(
        .step(
          StepChange(
            event,
            why: result.exit.ending == .stopped ? "Stopped, as a person asked." : result.failure,
            exit: event == .interrupt ? nil : result.exit,
            products: result.products.isEmpty ? nil : result.products))))
    return entries
  }
}

/// What came of an act, before it is proven and made durable.
struct ActResult {
  var exit: ExitReport
  /// A sentence for a person; nil as long as nothing went wrong.
  var failure: String?
  var changes: [FileChange] = []
  var products: [Manifest] = []
  var output: OutputSummary?
  var lastWords = ""
  var notes: [Note] = []
  /// False where it is certain that nothing was written: what stands there is not the step's.
  var touchedFiles = true

  static func untouched(because why: String) -> ActResult {
    ActResult(
      exit: ExitReport(.notStarted(why), millis: 0), failure: why, touchedFiles: false)
  }
}

extension Fact {
  fileprivate init(_ path: String, now state: FileState) {
    self.init(path: path, expectation: state.digest.map { .digest($0) } ?? .absent)
  }
}
