import PawlModel

/// What the engine asks of a journal. `SQLiteJournal` is the real one; the simulator has another;
/// both pass the same contract tests. Every error is a `PawlError`.
public protocol JournalStore: AnyObject {
  /// Made once with the journal; part of every attempt's token.
  var journalID: String { get }

  /// Freezes a plan. Durable when it returns.
  func createPlan(_ plan: FrozenPlan, by actor: Actor, at stamp: Stamp) throws -> PlanID

  /// Appends all entries in one transaction, in order, each folded into its plan's record first:
  /// what the machines refuse is thrown and nothing is written. Durable when it returns (one
  /// fdatasync); a crash before leaves none of them, a crash after all of them. Approvals,
  /// checkpoints, waits and plan ends write `FILE.head` too. Returns the last sequence number.
  @discardableResult
  func append(_ entries: [Entry], by actor: Actor, at stamp: Stamp) throws -> Int64

  /// Sets space aside for the outcome of a step that is about to begin, so that a disk that the
  /// step fills can still take it. Throws `diskFull` where there is none.
  func secureSpace() throws

  /// The plan as its events leave it; nil where there is none of that number.
  func plan(_ id: PlanID) throws -> PlanRecord?

  /// The newest event of the plan: cheap enough to ask before every step.
  func newestSequence(of plan: PlanID) throws -> Int64

  /// Stores bytes under their SHA-256, durable when it returns, and reads them back to be sure.
  func storeBlob(_ fill: (_ write: ([UInt8]) throws -> Void) throws -> Void) throws -> Digest

  /// Hands out a blob's bytes in chunks. Throws where it is missing or damaged.
  func readBlob(_ digest: Digest, chunk: ([UInt8]) throws -> Void) throws

  /// How many bytes of an attempt's output are in the journal.
  func outputBytes(plan: PlanID, step: StepID, attempt: Int) throws -> Int64

  /// Adds what a step printed: compressed, in its own transaction, in order. Not part of the
  /// hash chain. Callers collect; this is called a few times a second at most.
  func appendOutput(_ bytes: [UInt8], plan: PlanID, step: StepID, attempt: Int) throws
}
