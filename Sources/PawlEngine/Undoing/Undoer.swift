import PawlHost
import PawlJournal
import PawlModel

/// Takes back one step whose undo was recorded as begun. Repeating it after a crash is safe: what
/// is back already is left alone, and newer bytes of somebody else are kept and asked about.
struct Undoer {
  let context: RunnerContext
  let plan: PlanRecord
  let step: StepRecord

  func act() throws -> [Entry] {
    // With /boot not mounted, say, what is "no longer there" is only elsewhere.
    if case .bad(let why) = Observer(context: context, plan: plan).hostVerdict() {
      return [failure(why, nil)]
    }
    var entries: [Entry] = []
    var exit: ExitReport?
    /// What failed, where it did.
    func runUndo() throws -> Entry? {
      let lastWords: String
      (exit, lastWords) = try runUndoProgram()
      return failed(exit, lastWords).map { failure($0, exit) }
    }
    do {
      // What is made anew is made from the files that are restored.
      let makesAnew = step.frozen.generated != nil
      if !makesAnew, let failed = try runUndo() { return [failed] }
      try takeBackTree()
      for backup in backups {
        switch try restore(backup) {
        case .restored(let change): if let change { entries.append(entry(.fileChanged(change))) }
        case .newer(let change, let why):
          let kept = Backup(path: change.path, before: change.after)
          return entries + [entry(.backup(kept)), entry(.fileChanged(change)), failure(why, exit)]
        }
      }
      if makesAnew, let failed = try runUndo() { return entries + [failed] }
      try context.host.sync(
        fileSystemsOf: plan.pathsWritten(by: step) + Array(step.backups.keys))
    } catch let error as PawlError {
      return entries + [failure(error.description, exit)]
    }
    return entries + [entry(.step(StepChange(.finishUndo, exit: exit)))]
  }

  /// In the order of their names, so that every attempt does the same.
  private var backups: [Backup] {
    let generated = Set(step.frozen.generated ?? [])
    return step.backups.values.filter { !generated.contains($0.path) }
      .sorted { $0.path < $1.path }
  }

  private func failed(_ exit: ExitReport?, _ lastWords: String) -> String? {
    guard let exit, !exit.succeeded else { return nil }
    return "The undo of step \"\(step.id)\" failed: \(exit.ending.sentence)" + lastWords
  }

  private func entry(_ body: EventBody) -> Entry { Entry(plan: plan.id, step: step.id, body) }

  private func failure(_ why: String, _ exit: ExitReport?) -> Entry {
    entry(.step(StepChange(.failUndo, why: why, exit: exit)))
  }

  /// What died with its boot needs no undo program; running it might hit what came up since.
  private func runUndoProgram() throws -> (ExitReport?, lastWords: String) {
    guard let undo = step.frozen.undo else { return (nil, "") }
    let diedWithItsBoot = step.startedUnder != context.host.now().bootID
    if step.frozen.effects == .volatile, diedWithItsBoot { return (nil, "") }
    let recorder = OutputRecorder(context: context, plan: plan.id, step: step)
    let report = try Programs(context: context, plan: plan, step: step).run(
      undo, timeoutSeconds: step.frozen.timeoutSeconds, purpose: "undo"
    ) { tick in
      try recorder.take(tick)
      return .goOn
    }
    _ = try recorder.finish()
    return (report, recorder.lastWords.sentence)
  }

  private func takeBackTree() throws {
    guard case .copyTree(let from, let to) = step.frozen.action,
      let manifest = TreeCopy.manifest(of: from, in: plan)
    else { return }
    let left = try context.host.removeTree(manifest, at: to, as: step.frozen.runsAs)
    guard left.isEmpty else {
      let named = left.prefix(3).joined(separator: ", ")
      let more = left.count > 3 ? ", and \(left.count - 3) more" : ""
      throw PawlError(
        .needsPerson, "Changed since Pawl copied it to \(to), and so not removed: \(named)\(more).",
        hint: "Look at it, remove it yourself, and run `pawl rollback \(plan.id)` again.")
    }
  }

  private enum Restoration {
    case restored(FileChange?)
    case newer(FileChange, why: String)
  }

  private func restore(_ backup: Backup) throws -> Restoration {
    let present = try context.host.state(at: backup.path)
    if present == backup.before { return .restored(nil) }
    let isOurs = try isOurs(present, at: backup.path)
    if !isOurs {
      guard present.sameContent(as: backup.before) else { return try keepNewer(backup, present) }
      // The bytes are back. Mode and times may be those of a program that nobody saw end; else
      // they are somebody's choice.
      guard !step.isOutcomeKnown, step.frozen.action.runsProgram else { return .restored(nil) }
    }
    if step.frozen.action.runsProgram { try keep(present, at: backup.path) }
    let identity = step.frozen.runsAs
    switch backup.before {
    case .absent: try context.host.remove(at: backup.path, expecting: present, as: identity)
    case .file(let metadata, let digest, _):
      _ = try context.host.publish(
        at: backup.path, metadata: metadata, mode: nil, replacing: present, as: identity
      ) { write in
        try context.journal.readBlob(digest, chunk: write)
      }
    case .other(let kind):
      throw PawlError(.needsPerson, "\(backup.path) was a \(kind); Pawl cannot bring that back.")
    }
    let after = try context.host.state(at: backup.path)
    guard after.sameContent(as: backup.before) else {
      throw PawlError(.needsPerson, "\(backup.path) does not hold what was restored to it.")
    }
    return .restored(FileChange(path: backup.path, after: after))
  }

  /// What a program left may hold an edit that somebody made while it ran: nobody can tell.
  private func keep(_ present: FileState, at path: String) throws {
    guard case .file(_, let digest, _) = present else { return }
    let stored = try context.journal.storeBlob { write in
      _ = try context.host.read(at: path, as: context.keeper(of: plan), chunk: write)
    }
    guard stored == digest else {
      throw PawlError(.needsPerson, "\(path) is being written to by somebody else.")
    }
  }

  private func isOurs(_ present: FileState, at path: String) throws -> Bool {
    if step.changes[path]?.after.sameContent(as: present) == true { return true }
    return try FileActions(context: context, plan: plan, step: step).isDone(present)
  }

  /// Somebody edited the file after the step. Their bytes become a backup of their own before
  /// anything else (the step's first backup stays the one to go back to); a second rollback then
  /// finds them recorded and restores the older ones.
  private func keepNewer(_ backup: Backup, _ present: FileState) throws -> Restoration {
    try keep(present, at: backup.path)
    return .newer(
      FileChange(path: backup.path, after: present),
      why:
        "\(backup.path) was changed after step \"\(step.id)\". What stands there now is kept among "
        + "the backups; `pawl rollback \(plan.id)` once more puts the older bytes back.")
  }
}
