import PawlHost
import PawlModel

/// 2. No program of the recipe runs, and no step starts, without a person's approval for exactly
/// the digest it has; a step whose facts no longer hold does not start.
final class ApprovedWatcher: Watcher {
  func programStarts(_ request: ProcessRequest, in world: World) {
    guard let (id, purpose) = world.owner(of: request), let step = world.record?.step(id) else {
      return world.violate(2, "\(request.argv) ran, which no step of the plan names.")
    }
    // New facts give a step a new digest, and leave what an older approval began to be undone.
    if purpose == .undo, world.consents.contains(where: { $0.step == id }) { return }
    requireConsent(to: step, for: "The \(purpose) program", in: world)
  }

  func committed(_ commit: Commit, in world: World) {
    guard commit.change?.event == .start, let step = commit.step else { return }
    requireConsent(to: step, for: "The start", in: world)
    // Repeating a program over what it may have left itself is what `retry` allows.
    if commit.stepBefore?.state == .interrupted, step.frozen.action.program != nil { return }
    for fact in step.frozen.facts where isOutdated(fact, of: step, in: world) {
      world.violate(
        2, "\(step.id) was started although \(fact.path) is not what was approved any more.")
    }
  }

  private func requireConsent(to step: StepRecord, for what: String, in world: World) {
    let given = world.consents.contains { $0.step == step.id && $0.digest == step.digest }
    if !given { world.violate(2, "\(what) of \(step.id) has no person's approval.") }
  }

  /// Only edits that were there before the runner's last act: what comes between the look and the
  /// start is caught when the file is replaced.
  private func isOutdated(_ fact: Fact, of step: StepRecord, in world: World) -> Bool {
    guard world.authors[fact.path] == .somebodyElse,
      !world.raced.contains(FilePlace(step: step.id, path: fact.path)),
      let edit = world.foreignEdits.last(where: { $0.path == fact.path }),
      edit.point < world.lastSafePoint
    else { return false }
    let present = world.disk.state(at: fact.path)
    if step.attempts > 1, isKnown(present, at: fact.path, to: step) { return false }
    if case .removeFile = step.frozen.action, present == .absent { return false }
    switch fact.expectation {
    case .absent: return present != .absent
    case .digest(let digest): return present.digest != digest
    case .leftBy(let earlier):
      guard let left = world.record?.step(earlier)?.changes[fact.path] else { return false }
      return !left.after.sameContent(as: present)
    }
  }

  /// What an earlier attempt found and backed up, or was seen to leave: after one whose outcome is
  /// unknown, nobody can tell another's edit from the step's own.
  private func isKnown(_ present: FileState, at path: String, to step: StepRecord) -> Bool {
    [step.backups[path]?.before, step.changes[path]?.after]
      .contains { $0?.sameContent(as: present) == true }
  }
}
