import PawlModel

/// Somebody at a terminal, some days later: approves what is missing, refuses now and then,
/// mistypes a digest, looks honestly at what was interrupted, retries, rolls back, restarts. What
/// a person does is durable: people do not crash.
struct Person {
  let world: World
  private let journal: SimulatedJournal
  private var patience = 26
  private var rollbackTries = 0
  private var lastReason: String?

  init(world: World) {
    self.world = world
    journal = SimulatedJournal(world: world, life: nil)
  }

  private var temper: Temper { world.scenario.person }

  private func chance(_ percent: Int) -> Bool { world.dice.chance(percent) }

  /// What an agreeable person never does.
  private func whim(_ percent: Int) -> Bool { chance(temper.hasWhims ? percent : 0) }

  // MARK: - Approving

  func approveAtFirst() {
    guard let record = world.record else { return }
    let all = chance(temper.approvesAllAtOnce)
    let count = all ? record.steps.count : world.dice.below(record.steps.count)
    for step in record.steps.prefix(count) where step.state == .pending { approve(step) }
    if chance(temper.refuses) { ask(world.dice.pick(.abandon, .pause, .cancel)) }
  }

  private func approve(_ step: StepRecord) {
    if chance(temper.mistypesDigest) { approveWrongly(step) }
    let approval = Approval(digest: step.digest, given: "digest")
    guard write(.step(StepChange(.approve, approval: approval)), step.id) else { return }
    world.consents.append(
      Consent(step: step.id, digest: step.digest, sequence: world.log.newest))
  }

  /// An approval for another digest must be refused, with nothing written.
  private func approveWrongly(_ step: StepRecord) {
    let before = world.log.newest
    let approval = Approval(digest: SHA256.hash(Array(step.digest.hex.utf8)), given: "digest")
    if write(.step(StepChange(.approve, approval: approval)), step.id)
      || world.log.newest != before
    {
      world.violate(2, "An approval of \(step.id) for another digest was taken.")
    }
  }

  private func approvePending(_ record: PlanRecord) {
    for step in record.steps where step.state == .pending { approve(step) }
  }

  @discardableResult
  private func write(_ body: EventBody, _ step: StepID? = nil) -> Bool {
    do {
      try journal.append(
        [Entry(plan: World.planID, step: step, body)], by: .person, at: world.stamp)
      return true
    } catch {
      world.trace.add("  a person was refused: \(error)")
      return false
    }
  }

  private func ask(_ request: ControlRequest) { write(.control(request)) }

  // MARK: - Reacting

  /// False when the person is content with how things stand, or tired of it.
  mutating func reacts(to record: PlanRecord) -> Bool {
    patience -= 1
    guard patience > 0 else { return false }
    world.pass(millis: Int64(world.dice.within(1...9)) * 60_000)
    switch record.state {
    case .planned: begin(record)
    case .running: break
    case .rollingBack:
      if world.isRestartAsked, !chance(temper.runsBeforeRestart) { world.restart() }
    case .waiting(.approval): reactToApproval(record)
    case .waiting(.reboot): reactToReboot(record)
    case .waiting(.resources): reactToShortage()
    case .waiting(.trial): reactToTrial(record)
    case .waiting(.person): reactToQuestion(record)
    case .failed: reactToFailure(record)
    case .succeeded: return chance(temper.rollsBackSuccess) ? rollBack() : false
    case .rollbackFailed: return reactToFailedRollback()
    case .rolledBack, .abandoned: return false
    }
    return true
  }

  /// What the runner could not even record.
  mutating func reacts(to error: PawlError) -> Bool {
    patience -= 1
    freeSpace()
    world.journalFailures = 0
    return patience > 0
  }

  private func begin(_ record: PlanRecord) {
    approvePending(record)
    ask(chance(70) ? .resume : .abandon)
  }

  private func freeSpace() {
    world.isFull = false
    world.filledAt = nil
  }

  private func reactToShortage() {
    if chance(75) { return freeSpace() }
    giveUp()
  }

  private func rollBack() -> Bool {
    freeSpace()
    ask(.rollback)
    return true
  }

  private func giveUp() {
    ask(chance(temper.hasWhims ? 60 : 100) ? .rollback : .abandon)
  }

  private func reactToApproval(_ record: PlanRecord) {
    if chance(temper.refuses) || patience < 6 { return giveUp() }
    guard let step = record.firstUnfinished else { return ask(.resume) }
    switch step.state {
    case .interrupted, .stale: settle(step)
    case .pending, .failed: approvePending(record)
    case .approved, .started, .succeeded, .skipped, .undoing, .undone, .undoFailed: ask(.resume)
    }
  }

  private func reactToReboot(_ record: PlanRecord) {
    if whim(6) { return ask(.rollback) }
    if whim(3) { return ask(.abandon) }
    if whim(8) { return }
    if whim(8) { return world.crash(.cut(.atRandom)) }
    world.restart(byHand: chance(temper.restartsIntoOther) ? Scenario.oldRelease : choice(record))
  }

  /// What a person chooses in the menu; nil where the loader is left to itself.
  private func choice(_ record: PlanRecord) -> String? {
    guard let step = record.steps.first(where: { $0.state == .started }),
      case .restart(_, _, let expected, let trial) = step.frozen.action, trial == nil
    else { return nil }
    guard world.scenario.hasMenu else { return expected }
    return world.menu?.entries.first { $0.release == expected }?.release
  }

  private func reactToTrial(_ record: PlanRecord) {
    guard let step = record.steps.first(where: \.isOnTrial) else { return }
    if whim(8) { return world.crash(.cut(.atRandom)) }
    if whim(8) { return ask(.rollback) }
    if whim(4) { return ask(.abandon) }
    let asksPerson = step.frozen.action.trialTerms?.asksPerson == true
    if whim(10) { write(.trial(.judged(.rejected)), step.id) }
    if asksPerson, chance(70) { write(.trial(.judged(.confirmed)), step.id) }
  }

  private mutating func reactToQuestion(_ record: PlanRecord) {
    freeSpace()
    defer { lastReason = record.why }
    endStuckPrograms()
    if record.isComingUndone { return ask(chance(50) ? .resume : .rollback) }
    let again = lastReason == record.why && chance(50)
    if patience < 6 || again { return giveUp() }
    if let step = record.firstUnfinished, step.state == .interrupted, chance(85) {
      return settle(step)
    }
    guard chance(temper.resumesPause) else { return giveUp() }
    approvePending(record)
    ask(.resume)
  }

  private func endStuckPrograms() { world.processes.forEach(world.kill) }

  private func reactToFailure(_ record: PlanRecord) {
    freeSpace()
    guard patience > 8, chance(temper.retriesFailure) else { return giveUp() }
    for step in record.steps where step.state == .failed || step.state == .pending {
      approve(step)
    }
  }

  private mutating func reactToFailedRollback() -> Bool {
    rollbackTries += 1
    return rollbackTries <= 4 ? rollBack() : false
  }

  /// Looks at the disk and the ledger and says what is true.
  private func settle(_ step: StepRecord) {
    endStuckPrograms()
    if world.isTrulyDone(step) {
      world.disk.sync()
      write(.step(StepChange(.prove, why: "A person looked: it is done.")), step.id)
    } else {
      approve(step)
    }
    ask(.resume)
  }
}

extension World {
  fileprivate func isTrulyDone(_ step: StepRecord) -> Bool {
    switch step.frozen.action {
    case .command(let command):
      let effect = scenario.model(of: command.argv)?.effect
      if effect?.isEmpty == false { return effectHolds(of: step.id) }
      let last = ledger.last { $0.step == step.id && $0.purpose == .act }
      return last?.kind == .end(good: true)
    case .writeFile, .appendLine, .removeFile, .copyFile: return unfinishedWork(of: step) == nil
    case .copyTree, .kernelConfig, .build, .restart: return false
    }
  }
}
