import PawlHost
import PawlJournal
import PawlModel

/// Answers the decision's questions by looking at the machine. Changes nothing on it, save that a
/// step's own approved `check` is run.
struct Observer {
  let context: RunnerContext
  let plan: PlanRecord

  func answer(_ question: Question, in seen: inout Observations) throws {
    switch question {
    case .host: seen.host = hostVerdict()
    case .survivors(let id):
      seen.survivors[id] = withStep(id) { survivorVerdict($0) } ?? SurvivorVerdict.none
    case .facts(let id): seen.facts[id] = try withStep(id) { try factVerdict($0) } ?? .hold
    case .check(let id):
      seen.checks[id] = try withStep(id) { try checkVerdict($0) } ?? .unclear("no such step")
    case .products(let id): seen.products[id] = withStep(id) { productVerdict($0) } ?? .good
    case .resources(let id):
      seen.resources[id] = try withStep(id) { try resourceVerdict($0) } ?? .good
    case .health(let id):
      seen.health[id] = try withStep(id) { try trialObserver($0).health() } ?? .settling
    case .reboot(let id):
      seen.reboots[id] = withStep(id) { trialObserver($0).reboot() } ?? .sameBoot
    }
  }

  private func withStep<Answer>(
    _ id: StepID, _ answer: (StepRecord) throws -> Answer
  ) rethrows -> Answer? {
    try plan.step(id).map(answer)
  }

  // MARK: - The host

  /// A cloned machine, or a `/boot` that is not mounted, is not the host the plan was made for.
  func hostVerdict() -> Verdict {
    let frozen = plan.frozen
    if let expected = frozen.machineID {
      let found = context.host.machineID(root: frozen.root)
      guard found == expected else {
        return .bad(
          "This is not the machine that plan \(plan.id) was made for: its machine id is "
            + "\(found ?? "missing"), the plan's is \(expected).")
      }
    }
    for mount in frozen.mounts {
      let found = context.host.mount(of: mount.path)
      guard let found, found.fileSystem == mount.fileSystem, found.source == mount.source else {
        return .bad(
          "\(mount.path) is not on the file system that plan \(plan.id) was made for: expected "
            + "\(mount.fileSystem) \(mount.source), found "
            + "\(found.map { "\($0.fileSystem) \($0.source)" } ?? "nothing").")
      }
    }
    return .good
  }

  /// Space for the outcome is set aside here: a step for which that fails is not started.
  private func resourceVerdict(_ step: StepRecord) throws -> Verdict {
    if step.frozen.action.trialTerms != nil, let fault = context.hookFault() {
      return .bad(fault)
    }
    let needed = try context.limits.journalReserve + 2 * bytesToBackUp(step)
    if let free = context.host.freeBytes(at: context.spoolFolder), free < needed {
      return .bad(
        "There is too little space beside the journal: \(free >> 20) MiB are free, and step "
          + "\"\(step.id)\" is not started with less than \(needed >> 20), so that its backups and its "
          + "outcome can be recorded.")
    }
    do {
      try context.journal.secureSpace()
      return .good
    } catch let error as PawlError where error.code == .diskFull {
      return .bad("Step \"\(step.id)\" is not started: \(error.message)")
    }
  }

  /// They are written twice, to the log and then to the database.
  private func bytesToBackUp(_ step: StepRecord) throws -> Int64 {
    try step.frozen.pathsToBackUp.filter { step.backups[$0] == nil }.reduce(0) { sum, path in
      guard case .file(_, _, let size) = try context.host.state(at: path) else { return sum }
      return sum + size
    }
  }

  private func trialObserver(_ step: StepRecord) -> TrialObserver {
    TrialObserver(context: context, plan: plan, step: step)
  }

  // MARK: - Files

  /// The facts hold while every path is as it was frozen, or as this very step left it.
  private func factVerdict(_ step: StepRecord) throws -> FactVerdict {
    var changed: [String] = []
    var present: [Fact] = []
    for fact in step.frozen.facts {
      let state = try context.host.state(at: fact.path)
      present.append(try refrozen(fact, state))
      if try !accepts(fact, state, of: step) { changed.append(fact.path) }
    }
    guard !changed.isEmpty else { return .hold }
    return .changed(
      present,
      why: "Changed since the plan was made: \(changed.joined(separator: ", ")). Look at step "
        + "\"\(step.id)\" again and approve it anew.")
  }

  private func accepts(_ fact: Fact, _ state: FileState, of step: StepRecord) throws -> Bool {
    if step.changes[fact.path]?.after.sameContent(as: state) == true { return true }
    if step.state == .interrupted || step.attempts > 0 {
      if mayBeDebris(fact.path, of: step) { return true }
      if step.backups[fact.path]?.before.sameContent(as: state) == true { return true }
      if try isIntended(state, at: fact.path, of: step) { return true }
    }
    return plan.holds(fact, state)
  }

  /// Only of the file that the step edits: a source of a copy is what it is to leave elsewhere.
  private func isIntended(
    _ state: FileState, at path: String, of step: StepRecord
  ) throws -> Bool {
    guard step.frozen.action.editedPaths.contains(path) else { return false }
    return try FileActions(context: context, plan: plan, step: step).intended()?
      .sameContent(as: state) == true
  }

  /// A program that was stopped halfway may have left anything in the files it was to change.
  /// Where it may be repeated, that is no reason to stop; the bytes are kept all the same.
  private func mayBeDebris(_ path: String, of step: StepRecord) -> Bool {
    step.state == .interrupted && step.frozen.action.runsProgram
      && step.frozen.pathsToBackUp.contains(path) && step.backups[path] != nil
  }

  private func refrozen(_ fact: Fact, _ state: FileState) throws -> Fact {
    switch state {
    case .absent: return Fact(path: fact.path, expectation: .absent)
    case .file(_, let digest, _): return Fact(path: fact.path, expectation: .digest(digest))
    case .other(let kind):
      throw PawlError(
        .needsPerson, "\(fact.path) is a \(kind) now; Pawl replaces regular files only.",
        hint: "Put a regular file there, or roll the plan back.")
    }
  }

  /// What an earlier step made is used by later ones: it must still be what was hashed.
  private func productVerdict(_ step: StepRecord) -> Verdict {
    for (output, product) in zip(step.frozen.outputs, step.products) {
      do {
        let found = try context.host.manifest(of: output, as: step.frozen.runsAs)
        guard found.entries == product.entries else {
          return .bad(
            "What step \"\(step.id)\" made in \(output) is no longer what was recorded.")
        }
      } catch let error as PawlError {
        return .bad("What step \"\(step.id)\" made cannot be read: \(error.message)")
      } catch {
        return .bad("What step \"\(step.id)\" made cannot be read: \(error)")
      }
    }
    return .good
  }

  // MARK: - Programs

  private func checkVerdict(_ step: StepRecord) throws -> CheckVerdict {
    guard let check = step.frozen.check else {
      return .unclear("Step \"\(step.id)\" has no check.")
    }
    let programs = Programs(context: context, plan: plan, step: step)
    let report = try programs.run(check, timeoutSeconds: 120, purpose: "check") { _ in .goOn }
    switch report.ending {
    case .exited(0): return .done
    case .exited: return .notDone
    case .signalled, .timedOut, .notStarted, .inProcess, .stopped:
      return .unclear(
        "The check of step \"\(step.id)\" gave no answer: \(report.ending.sentence)")
    }
  }

  private func survivors(of step: StepRecord) -> [Survivor] {
    context.host.survivors(token: token(of: step))
  }

  private func token(of step: StepRecord) -> String {
    Programs(context: context, plan: plan, step: step).token
  }

  private func survivorVerdict(_ step: StepRecord) -> SurvivorVerdict {
    survivors(of: step).isEmpty ? SurvivorVerdict.none : .alive
  }

  /// Package managers are waited for whatever the step says: ended halfway, they leave a host
  /// worse than it was.
  func mayKillSurvivors(of step: StepRecord) -> Bool {
    !survivors(of: step).contains(where: \.isPackageManager)
  }

  func endSurvivors(of step: StepRecord, kill: Bool) -> SurvivorVerdict {
    let token = token(of: step)
    let gone =
      kill
      ? context.host.endSurvivors(token: token, seconds: 30)
      : context.host.awaitSurvivors(
        token: token, seconds: min(step.frozen.timeoutSeconds, context.limits.survivorWait))
    if gone { return SurvivorVerdict.none }
    let names = Set(survivors(of: step).map { "\($0.name) (\($0.pid))" })
    return .stuck(
      "Processes of step \"\(step.id)\" are still alive: \(names.sorted().joined(separator: ", "))."
    )
  }
}
