import GRDB
import PawlModel

/// What the rows of an event need to know of its step as it was when the event came.
struct StepBefore {
  let attempt: Int
  /// nil where the event is of no step.
  let state: StepState?
  let hasCheckpoint: Bool

  init(_ entry: Entry, in record: PlanRecord) {
    attempt = record.attempt(of: entry)
    let index = record.index(of: entry.step)
    state = index.map { record.steps[$0].state }
    hasCheckpoint = index.map { record.steps[$0].checkpoint != nil } ?? false
  }
}

/// The rows that one event leaves behind besides the plan's and the step's own: who approved what,
/// how long attempts took, what was backed up.
extension Projector {
  static func history(
    of event: EventRecord, _ body: EventBody, before: StepBefore
  ) throws -> [RowChange] {
    guard before.state != nil else { return [] }
    switch body {
    case .step(let change): return try stepHistory(change, event, before: before)
    case .backup(let backup): return [try row(backup, event)]
    case .fileChanged(let change): return [try row(change, event)]
    case .checkpoint(let checkpoint):
      return [row(checkpoint, event, isFirst: !before.hasCheckpoint)]
    case .planCreated, .plan, .tree, .trial, .control, .output, .note: return []
    }
  }

  private static func stepHistory(
    _ change: StepChange, _ event: EventRecord, before: StepBefore
  ) throws -> [RowChange] {
    switch change.event {
    case .approve: return try change.approval.map { [try row($0, event)] } ?? []
    case .start: return [attempt(event, undo: false)]
    case .beginUndo: return [attempt(event, undo: true)]
    case .succeed, .fail, .interrupt, .finishUndo, .failUndo: return [ended(change, event)]
    case .prove: return before.state == .interrupted ? [ended(change, event)] : []
    case .revoke, .skip, .goStale: return []
    }
  }

  private static func place(_ event: EventRecord) -> [Cell] {
    [Cell(event.plan.number), Cell(event.step?.name)]
  }

  private static func row(_ approval: Approval, _ event: EventRecord) throws -> RowChange {
    let actor = try CanonicalJSON.decode(Actor.self, from: event.actor)
    return .insert(
      .approval, key: [Cell(event.sequence)],
      fixed: place(event) + [
        Cell(approval.digest.hex), Cell(approval.given), Cell(actor.uid),
        Cell(event.stamp.wallMillis),
      ])
  }

  private static func attempt(_ event: EventRecord, undo: Bool) -> RowChange {
    .insert(
      .attempt, key: place(event) + [Cell(event.attempt)],
      fixed: [
        Cell(undo ? 1 : 0), Cell(event.sequence), Cell(event.stamp.wallMillis),
        Cell(event.stamp.bootID), Cell(event.stamp.bootMillis),
      ], changing: [nil, nil, nil, nil, nil])
  }

  private static func ended(_ change: StepChange, _ event: EventRecord) -> RowChange {
    .update(
      .attempt, key: place(event) + [Cell(event.attempt)],
      changing: [
        Cell(event.sequence), Cell(event.stamp.wallMillis), Cell(change.event.rawValue),
        Cell(change.exit.map { EndingText.write($0.ending) }), Cell(change.exit?.millis),
      ])
  }

  private static func row(_ backup: Backup, _ event: EventRecord) throws -> RowChange {
    var size: Int64?
    if case .file(_, _, let bytes) = backup.before { size = bytes }
    return .insert(
      .backup, key: [Cell(event.sequence)],
      fixed: place(event) + [
        Cell(event.attempt), Cell(backup.path), try json(backup.before),
        Cell(backup.before.digest?.hex), Cell(size),
      ])
  }

  private static func row(_ change: FileChange, _ event: EventRecord) throws -> RowChange {
    .insert(
      .fileChange, key: [Cell(event.sequence)],
      fixed: place(event) + [
        Cell(event.attempt), Cell(change.path), try json(change.after),
        Cell(change.after.digest?.hex),
      ])
  }

  private static func row(
    _ checkpoint: Checkpoint, _ event: EventRecord, isFirst: Bool
  ) -> RowChange {
    let values = [
      Cell(event.sequence), Cell(event.attempt), Cell(checkpoint.done), Cell(checkpoint.expected),
      Cell(checkpoint.basis), Cell(checkpoint.millis), Cell(checkpoint.outputBytes),
      Cell(event.stamp.wallMillis),
    ]
    return isFirst
      ? .insert(.checkpoint, key: place(event), changing: values)
      : .update(.checkpoint, key: place(event), changing: values)
  }

  private static func json(_ state: FileState) throws -> Cell {
    Cell(String(decoding: try CanonicalJSON.encode(state), as: UTF8.self))
  }
}
