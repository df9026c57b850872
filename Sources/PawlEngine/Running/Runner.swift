import PawlHost
import PawlJournal
import PawlModel

/// Drives one plan as far as it can go now. The same loop serves the first run, every resume and
/// every rollback: load, decide, record, act, look again. It holds nothing that a crash could
/// lose: whatever it knows is in the journal before it is relied on.
public final class Runner {
  let context: RunnerContext
  private let planID: PlanID
  private var record: PlanRecord
  private var seen: Observations
  /// The outcome of the last step, while it waits to share a transaction with the next intent.
  private var unwritten: [Entry] = []
  private var rescueIsWritten = false

  /// The host was told to restart, or a person is to do that: nothing more is done in this boot.
  public var isRestarting: Bool { seen.isRestarting }

  /// Throws `noInput` where the journal has no such plan.
  public init(plan: PlanID, context: RunnerContext) throws {
    guard let record = try context.journal.plan(plan) else {
      throw PawlError(
        .noInput, "There is no plan \(plan) in this journal.",
        hint: "`pawl history` lists the plans.")
    }
    self.context = context
    planID = plan
    self.record = record
    seen = Observations(bootID: context.host.now().bootID)
    seen.isUnattended = context.isUnattended
    seen.isUnplannedBoot = context.isUnplannedBoot
  }

  /// Goes on until the plan is settled or waits. Returns the plan as it then stands in the
  /// journal. A crash at any instant leaves a journal from which the next call goes on.
  public func run() throws -> PlanRecord {
    while true {
      try takeUpChanges()
      let view = try record.applying(unwritten, at: context.host.now())
      guard try advance(view, Decision.next(view, seen)) else {
        try write([])
        return record
      }
    }
  }

  /// False when nothing more can be done now.
  private func advance(_ plan: PlanRecord, _ move: NextMove) throws -> Bool {
    switch move {
    case .look(let question): try look(at: question, in: plan)
    case .recordPlan(let change): try write([Entry(plan: planID, .plan(change))])
    case .recordStep(let id, let change): try recordStep(id, change, in: plan)
    case .perform(let id): try perform(id, in: plan)
    case .undo(let id, let again): try undo(id, again: again, in: plan)
    case .endSurvivors(let id, let kill): try endSurvivors(id, kill: kill, in: plan)
    case .restart(let id): try restart(id, in: plan)
    case .stop: return false
    }
    return true
  }

  // MARK: - Looking

  private func look(at question: Question, in plan: PlanRecord) throws {
    if case .check = question { try write([]) }
    try Observer(context: context, plan: plan).answer(question, in: &seen)
  }

  private func endSurvivors(_ id: StepID, kill: Bool, in plan: PlanRecord) throws {
    guard let step = plan.step(id) else { return }
    let observer = Observer(context: context, plan: plan)
    let kill = kill && observer.mayKillSurvivors(of: step)
    if kill { BuildFolder.sampleSurvivors(of: step, plan: plan, context: context) }
    let verdict = observer.endSurvivors(of: step, kill: kill)
    seen.survivors[id] = verdict
    if case SurvivorVerdict.none = verdict {
      let text =
        kill
        ? "Ended what the dead runner had left running of step \"\(id)\"."
        : "Waited for what the dead runner had left running of step \"\(id)\"."
      try write([Entry(plan: planID, step: id, .note(Note(topic: "survivors", text: text)))])
    }
  }

  // MARK: - Recording

  private func recordStep(_ id: StepID, _ change: StepChange, in plan: PlanRecord) throws {
    var entries = TrialReport(context: context, plan: plan).entries(for: id, change)
    switch change.event {
    case .interrupt: entries = try salvage(id, in: plan) + whatWasLeft(by: id, in: plan) + entries
    case .revoke: entries += try revokeUsers(of: entries, in: plan)
    case .prove, .skip:
      do {
        entries = try Confirmation(context: context, plan: plan).entries(for: id) + entries
      } catch let error as PawlError {
        let why = "Step \"\(id)\" is done, but that could not be made sure of: \(error.message)"
        entries = [Entry(plan: planID, .plan(PlanChange(.wait(.person), why: why)))]
      }
    case .approve, .start, .succeed, .fail, .goStale, .beginUndo, .finishUndo, .failUndo: break
    }
    try write(entries)
    seen.forgetAll()
  }

  /// New facts change the digests of all steps that use this one's product; what was approved
  /// for an older digest is approved no longer.
  private func revokeUsers(of entries: [Entry], in plan: PlanRecord) throws -> [Entry] {
    let after = try plan.applying(entries, at: context.host.now())
    return after.steps
      .filter { $0.state == .approved && $0.approval?.digest != $0.digest }
      .map { step in
        Entry(
          plan: planID, step: step.id,
          .step(StepChange(.revoke, why: "It uses a step whose facts have changed.")))
      }
  }

  /// What a dead runner's child printed after the runner had last looked.
  private func salvage(_ id: StepID, in plan: PlanRecord) throws -> [Entry] {
    guard let step = plan.step(id) else { return [] }
    let recorder = OutputRecorder(context: context, plan: planID, step: step)
    return try recorder.salvage().map { [Entry(plan: planID, step: id, .output($0))] } ?? []
  }

  /// A file action that got as far as replacing its file: known now, while source and facts are
  /// still the ones it acted on.
  private func whatWasLeft(by id: StepID, in plan: PlanRecord) throws -> [Entry] {
    guard let step = plan.step(id), !step.frozen.action.runsProgram,
      let path = step.frozen.action.editedPaths.first
    else { return [] }
    let present = try context.host.state(at: path)
    let actions = FileActions(context: context, plan: plan, step: step)
    guard try actions.isDone(present) else { return [] }
    return [Entry(plan: planID, step: id, .fileChanged(FileChange(path: path, after: present)))]
  }

  private func perform(_ id: StepID, in plan: PlanRecord) throws {
    guard let step = plan.step(id) else { return }
    let performer = Performer(context: context, plan: plan, step: step)
    if performer.needsBackup { try write([]) }
    guard try writeRescueCard(before: step, in: plan) else { return }
    let intent: [Entry]
    do {
      switch try performer.backUp() {
      case .ready(let backups):
        intent = backups
        // The backups may have taken what was set aside when the step was found fit to begin.
        if !backups.isEmpty { try context.journal.secureSpace() }
      case .changed(let facts, let why):
        return try recordStep(id, StepChange(.revoke, why: why, facts: facts), in: plan)
      }
    } catch let error as PawlError {
      let why = "Step \"\(id)\" was not started, its backup failed: \(error.message)"
      return try write([Entry(plan: planID, .plan(PlanChange(.wait(.person), why: why)))])
    }
    let start = Entry(plan: planID, step: id, .step(StepChange(.start)))
    try write(intent + [start] + performer.entriesWithStart)
    guard let started = record.step(id) else { return }
    if case .restart = started.frozen.action { return try restart(id, in: record) }
    unwritten = try Performer(context: context, plan: record, step: started).act()
    seen.forgetAll()
  }

  /// Where that fails, the wait that was recorded with the start ends with it.
  private func restart(_ id: StepID, in plan: PlanRecord) throws {
    guard let step = plan.step(id) else { return }
    let outcome = try RestartAct(context: context, plan: plan, step: step).perform()
    try takeUpChanges()
    seen.forgetAll()
    let isWaiting = record.state == .waiting(.reboot)
    let stop = Entry(plan: planID, .plan(PlanChange(.wait(.reboot), why: step.why)))
    let goOn = Entry(plan: planID, .plan(PlanChange(.run)))
    switch outcome {
    case .restarting:
      seen.isRestarting = true
      if !isWaiting { try write([stop]) }
    case .failed(let why):
      let failure = Entry(plan: planID, step: id, .step(StepChange(.fail, why: why)))
      try write((isWaiting ? [goOn] : []) + [failure])
    }
  }

  /// False where the way back could not be written down: then nothing risky begins.
  private func writeRescueCard(before step: StepRecord, in plan: PlanRecord) throws -> Bool {
    let note = RescueNote(context: context, plan: plan)
    guard step.frozen.risk == .high, note.isOwed, !rescueIsWritten else { return true }
    do {
      try write([try note.write(for: step)])
      rescueIsWritten = true
      return true
    } catch let error as PawlError {
      let why = "The way back could not be written down: \(error.message)"
      try write([Entry(plan: planID, .plan(PlanChange(.wait(.person), why: why)))])
      return false
    }
  }

  private func undo(_ id: StepID, again: Bool, in plan: PlanRecord) throws {
    let begin = Entry(plan: planID, step: id, .step(StepChange(.beginUndo)))
    let reopen = Entry(
      plan: planID, .plan(PlanChange(.beginRollback, why: "Tried again, asked for by a person.")))
    try write(again ? [reopen, begin] : [begin])
    guard let step = record.step(id) else { return }
    if step.trial != nil { return try leaveTrial(step) }
    unwritten = try Undoer(context: context, plan: record, step: step).act()
    seen.forgetAll()
  }

  private func leaveTrial(_ step: StepRecord) throws {
    let outcome = try TrialLeaving(context: context, plan: record, step: step).act()
    seen.forgetAll()
    switch outcome {
    case .left: unwritten = [Entry(plan: planID, step: step.id, .step(StepChange(.finishUndo)))]
    case .restarting:
      seen.isRestarting = true
      try takeUpChanges()
    case .stranded(let why):
      unwritten = [Entry(plan: planID, step: step.id, .step(StepChange(.failUndo, why: why)))]
    }
  }

  /// One durable transaction: what was still unwritten, and these.
  private func write(_ entries: [Entry]) throws {
    let all = unwritten + entries
    unwritten = []
    guard !all.isEmpty else { return }
    try context.journal.append(all, by: context.actor, at: context.host.now())
    try takeUpChanges()
  }

  /// Other processes add to the journal too: approvals, a pause, a cancel.
  private func takeUpChanges() throws {
    guard try context.journal.newestSequence(of: planID) != record.sequence else { return }
    guard let fresh = try context.journal.plan(planID) else {
      throw PawlError(
        .damagedJournal, "Plan \(planID) is no longer in the journal.",
        hint: "Run `pawl history verify`.")
    }
    record = fresh
  }
}
