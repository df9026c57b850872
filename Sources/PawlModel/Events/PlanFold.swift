extension PlanRecord {
  /// Adds one event. Refuses, with nothing changed, whatever the two machines refuse: this is
  /// the only way a plan changes, in the runner, in the journal and in the simulator alike.
  public mutating func apply(_ entry: Entry, at stamp: Stamp, sequence: Int64) throws(PawlError) {
    try fold(entry, at: stamp)
    updated = stamp
    self.sequence = sequence
  }

  public func applying(
    _ entries: [Entry], at stamp: Stamp
  ) throws(PawlError) -> PlanRecord {
    var copy = self
    for entry in entries {
      try copy.apply(entry, at: stamp, sequence: copy.sequence + 1)
    }
    return copy
  }

  /// The attempt that an event of this step belongs to.
  public func attempt(of entry: Entry) -> Int {
    guard let index = index(of: entry.step) else { return 0 }
    guard case .step(let change) = entry.body else { return steps[index].attempts }
    switch change.event {
    case .start, .beginUndo: return steps[index].attempts + 1
    case .approve, .revoke, .skip, .succeed, .fail, .interrupt, .prove, .goStale, .finishUndo,
      .failUndo:
      return steps[index].attempts
    }
  }

  /// In place, since a plan of many steps is too much to copy for each event: every case throws
  /// before its first change or not at all.
  private mutating func fold(_ entry: Entry, at stamp: Stamp) throws(PawlError) {
    switch entry.body {
    case .planCreated:
      throw PawlError(.damagedJournal, "Plan \(id) was created twice.")
    case .plan(let change): try foldPlan(change)
    case .step(let change):
      try foldStep(change, index: try existingIndex(entry), at: stamp)
    case .backup(let backup): takeBackup(backup, index: try existingIndex(entry))
    case .fileChanged(let change):
      let index = try existingIndex(entry)
      steps[index].changes[change.path] = change
      steps[index].hasRecordedFiles = true
    case .checkpoint(let checkpoint): takeCheckpoint(checkpoint, index: try existingIndex(entry))
    case .tree(let tree):
      let index = try existingIndex(entry)
      steps[index].tree = tree
      // What stood there when the attempt began is durable by that later record.
      steps[index].durableCutoff = nil
    case .output(let summary):
      steps[try existingIndex(entry)].output = summary
    case .trial(let event): try takeTrial(event, index: try existingIndex(entry))
    case .control(let request): control = request
    case .note: break
    }
  }

  /// A later one is somebody's edit over what a finished attempt left, and undo brings that back.
  /// After an attempt that nobody saw end it may be the attempt's own, and during an undo it is
  /// what stood in its way: the first stays.
  private mutating func takeBackup(_ backup: Backup, index: Int) {
    let step = steps[index]
    let isBetweenAttempts = step.attempts > 0 && step.state != .started && step.state != .undoing
    let isLater = isBetweenAttempts && step.isOutcomeKnown
    if isLater || step.backups[backup.path] == nil { steps[index].backups[backup.path] = backup }
  }

  private mutating func takeTrial(_ event: TrialEvent, index: Int) throws(PawlError) {
    switch event {
    case .armed(let armed): steps[index].trial = TrialRecord(armed)
    case .oneShotSet:
      try requireArmed(steps[index])
      steps[index].trial?.isOneShotSet = true
    case .booted(let report):
      try requireArmed(steps[index])
      steps[index].trial?.report = report
    case .leaving(let boot):
      try requireArmed(steps[index])
      steps[index].trial?.leftUnder = boot
    case .judged(let judgement):
      guard steps[index].isOnTrial else {
        throw PawlError(
          .refused, "Step \"\(steps[index].id)\" of plan \(id) is not on trial.",
          hint: "Run `pawl status` to see where it stands.")
      }
      steps[index].trial?.judgement = judgement
    }
  }

  private func requireArmed(_ step: StepRecord) throws(PawlError) {
    guard step.trial == nil else { return }
    throw PawlError(.damagedJournal, "Step \"\(step.id)\" of plan \(id) was never armed.")
  }

  private mutating func takeCheckpoint(_ checkpoint: Checkpoint, index: Int) {
    steps[index].checkpoint = checkpoint
    steps[index].durableCutoff = checkpoint.cutoff ?? steps[index].durableCutoff
  }

  private func existingIndex(_ entry: Entry) throws(PawlError) -> Int {
    guard let index = index(of: entry.step) else {
      throw PawlError(
        .damagedJournal,
        "Plan \(id) has no step \(entry.step.map { "\"\($0)\"" } ?? "without a name").")
    }
    return index
  }

  private mutating func foldPlan(_ change: PlanChange) throws(PawlError) {
    guard let next = PlanMachine.next(state, change.event) else {
      throw PawlError(
        .refused, "Plan \(id) is \(state.word); it cannot take \"\(change.event)\" now.",
        hint: "Run `pawl status` to see where it stands.")
    }
    state = next.state
    why = change.why
    switch change.event {
    case .run, .beginRollback, .abandon: control = nil
    // A request to roll back outlives the wait at the safe point that it caused.
    case .wait: control = control == .rollback ? .rollback : nil
    case .succeed, .fail, .finishRollback, .failRollback: break
    }
  }

  private mutating func foldStep(
    _ change: StepChange, index: Int, at stamp: Stamp
  ) throws(PawlError) {
    let step = steps[index]
    guard let next = StepMachine.next(step.state, change.event) else {
      throw PawlError(
        .refused,
        "Step \"\(step.id)\" of plan \(id) is \(step.state.rawValue); "
          + "it cannot take \"\(change.event.rawValue)\" now.",
        hint: "Run `pawl show \(id)` to see every step.")
    }
    try takeDetails(change, index: index)
    steps[index].state = next.state
    steps[index].why = change.why
    steps[index].bootID = stamp.bootID
    if change.event == .start { steps[index].startedUnder = stamp.bootID }
    takeKnowledge(change.event, index: index)
  }

  /// An attempt that failed before it touched anything tells nothing of what an earlier one left.
  private mutating func takeKnowledge(_ event: StepEvent, index: Int) {
    switch event {
    case .start: steps[index].hasRecordedFiles = false
    case .interrupt: steps[index].isOutcomeKnown = false
    case .succeed, .prove: steps[index].isOutcomeKnown = true
    case .fail: if steps[index].hasRecordedFiles { steps[index].isOutcomeKnown = true }
    case .approve, .revoke, .skip, .goStale, .beginUndo, .finishUndo, .failUndo: break
    }
  }

  private mutating func takeDetails(_ change: StepChange, index: Int) throws(PawlError) {
    switch change.event {
    case .approve: try takeApproval(change, index: index)
    case .revoke:
      if let facts = change.facts { try refreeze(facts, index: index) }
      steps[index].approval = nil
    case .start:
      try requireConsent(to: steps[index])
      steps[index].attempts += 1
    case .beginUndo: steps[index].attempts += 1
    case .succeed, .prove, .skip:
      steps[index].exit = change.exit ?? steps[index].exit
      steps[index].products = change.products ?? steps[index].products
    case .fail:
      steps[index].approval = nil
      steps[index].exit = change.exit ?? steps[index].exit
    case .finishUndo, .failUndo: steps[index].exit = change.exit ?? steps[index].exit
    case .interrupt, .goStale: break
    }
  }

  private mutating func takeApproval(_ change: StepChange, index: Int) throws(PawlError) {
    let step = steps[index]
    guard let approval = change.approval, approval.digest == step.digest else {
      throw PawlError(
        .notApproved,
        "The approval is for another digest than step \"\(step.id)\" has now (\(step.digest.short)).",
        hint: "Look at the step again: pawl show \(id) --step \(step.id)")
    }
    steps[index].approval = approval
  }

  /// A start needs an approval for exactly the present digest, and one approval covers a second
  /// start only where the step may be repeated.
  private func requireConsent(to step: StepRecord) throws(PawlError) {
    guard let approval = step.approval, approval.digest == step.digest else {
      throw PawlError(
        .notApproved, "Step \"\(step.id)\" of plan \(id) has no approval for its present digest.",
        hint: "Approve it: pawl approve \(id) --step \(step.id) --digest \(step.digest)")
    }
    guard step.state != .interrupted || step.frozen.interrupted == .retry else {
      throw PawlError(
        .needsPerson,
        "Step \"\(step.id)\" of plan \(id) was interrupted and may not be repeated by itself.",
        hint: "Settle it: pawl resolve \(id) --step \(step.id) done|retry|undo")
    }
  }

  /// New facts give a new digest, to this step and to all that use its product.
  private mutating func refreeze(_ facts: [Fact], index: Int) throws(PawlError) {
    var changed = frozen
    changed.steps[index].facts = facts
    let digests = try PlanDigests(changed)
    frozen = changed
    steps[index].frozen.facts = facts
    forgetOutdatedBackups(facts, index: index)
    digest = digests.plan
    for position in steps.indices {
      steps[position].digest = digests.steps[steps[position].id] ?? .zero
    }
  }

  /// What stands there now is what the next attempt must be able to give back, unless it may be
  /// what an attempt of this step left: then the first backup stays.
  private mutating func forgetOutdatedBackups(_ facts: [Fact], index: Int) {
    let step = steps[index]
    guard step.isOutcomeKnown || !step.frozen.action.runsProgram else { return }
    let present = Dictionary(facts.map { ($0.path, $0.expectation) }) { first, _ in first }
    steps[index].backups = step.backups.filter { path, backup in
      guard let expectation = present[path] else { return true }
      let mine = [backup.before, step.changes[path]?.after].compactMap(\.self)
      return mine.contains {
        $0.digest.map { expectation == .digest($0) } ?? (expectation == .absent)
      }
    }
  }
}
