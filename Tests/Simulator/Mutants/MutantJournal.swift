import PawlJournal
import PawlModel

/// A journal that passes everything on. Mutants override the one thing that they get wrong.
class MutantJournal: JournalStore {
  let inner: SimulatedJournal

  init(_ inner: SimulatedJournal) { self.inner = inner }

  var journalID: String { inner.journalID }

  func createPlan(_ plan: FrozenPlan, by actor: Actor, at stamp: Stamp) throws -> PlanID {
    try inner.createPlan(plan, by: actor, at: stamp)
  }

  @discardableResult
  func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64 {
    try inner.append(entries, by: actor, at: stamp)
  }

  func secureSpace() throws { try inner.secureSpace() }

  func plan(_ id: PlanID) throws -> PlanRecord? { try inner.plan(id) }

  func newestSequence(of plan: PlanID) throws -> Int64 { try inner.newestSequence(of: plan) }

  func storeBlob(_ fill: (_ write: ([UInt8]) throws -> Void) throws -> Void) throws -> Digest {
    try inner.storeBlob(fill)
  }

  func readBlob(_ digest: Digest, chunk: ([UInt8]) throws -> Void) throws {
    try inner.readBlob(digest, chunk: chunk)
  }

  func outputBytes(plan: PlanID, step: StepID, attempt: Int) throws -> Int64 {
    try inner.outputBytes(plan: plan, step: step, attempt: attempt)
  }

  func appendOutput(_ bytes: [UInt8], plan: PlanID, step: StepID, attempt: Int) throws {
    try inner.appendOutput(bytes, plan: plan, step: step, attempt: attempt)
  }
}
