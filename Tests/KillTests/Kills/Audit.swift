import PawlModel
import Testing

/// Compares a plan that has ended with what its steps wrote down themselves.
struct Audit {
  let plan: PlanRecord
  let changes: [(step: StepID, attempt: Int, change: StepChange)]
  let lines: [Ledger.Line]

  init(_ id: PlanID, in place: Workplace) throws {
    plan = try place.record(id)
    changes = try place.stepChanges(id)
    let names = Set(plan.steps.map(\.id.name))
    lines = place.ledger.lines.filter { names.contains($0.step) }
  }

  func check() {
    for step in plan.steps { check(step) }
    checkOrder()
  }

  private func check(_ step: StepRecord) {
    let own = lines.filter { $0.step == step.id.name }
    let starts = own.filter { $0.kind == .start }.map(\.attempt)
    let ends = own.filter { $0.kind == .end }.map(\.attempt)
    #expect(step.state == .succeeded, "\(step.id)")
    #expect(!ends.isEmpty, "lost: \(step.id) has succeeded and never came to its end")
    #expect(Set(starts).count == starts.count, "\(step.id) began twice in one attempt: \(starts)")
    if step.frozen.interrupted != .retry {
      #expect(ends.count == 1, "\(step.id) may not be repeated, and was: \(ends)")
    }
    let consented = attemptsWithConsent(step)
    let unapproved = starts.filter { !consented.contains($0) }
    #expect(unapproved.isEmpty, "attempts \(unapproved) of \(step.id) had no approval")
  }

  /// The attempts whose start stands in the journal behind an approval of this step's digest:
  /// one of its own, where the step may not be repeated.
  private func attemptsWithConsent(_ step: StepRecord) -> Set<Int> {
    var consented: Set<Int> = []
    var hasConsent = false
    for (id, attempt, change) in changes where id == step.id {
      switch change.event {
      case .approve: hasConsent = change.approval?.digest == step.digest
      case .start:
        if hasConsent { consented.insert(attempt) }
        if step.frozen.interrupted != .retry { hasConsent = false }
      case .revoke, .fail: hasConsent = false
      case .skip, .succeed, .interrupt, .prove, .goStale, .beginUndo, .finishUndo, .failUndo: break
      }
    }
    return consented
  }

  /// Once an attempt has begun, nothing of an older one is alive any more.
  private func checkOrder() {
    var newest: Ledger.Line?
    for line in lines {
      switch line.kind {
      case .start: newest = line
      case .end:
        let isNewest = newest?.step == line.step && newest?.attempt == line.attempt
        #expect(isNewest, "\(line) came while \(String(describing: newest)) was under way")
      }
    }
  }
}
