import GRDB
import PawlModel
import Synchronization

/// The plans that this process works on, as of the newest event it has seen of each. Other
/// processes' events are folded in when a plan is asked for, so that a plan of many steps costs
/// each event once.
final class RecordCache: Sendable {
  private static let capacity = 16
  private let records = Mutex<[PlanID: PlanRecord]>([:])

  /// The plan with all its events; nil where there is none. Inside a transaction, which keeps the
  /// answer true until it ends. The cache lets go of it, so that it can be changed in place;
  /// `keep` gives it back.
  func take(_ plan: PlanID, from db: Database) throws -> PlanRecord? {
    var record = records.withLock { $0.removeValue(forKey: plan) }
    let events = try EventRows.cursor(db, plan: plan, after: record?.sequence ?? 0)
    while let event = try events.next() { try Fold.add(event, try event.body(), to: &record) }
    return record
  }

  /// Keeps what is committed, and only that.
  func keep(_ fresh: some Collection<PlanRecord>) {
    records.withLock { records in
      for record in fresh where (records[record.id]?.sequence ?? 0) < record.sequence {
        records[record.id] = record
      }
      while records.count > Self.capacity, let oldest = records.values.min(by: older) {
        records[oldest.id] = nil
      }
    }
  }
}

private func older(_ left: PlanRecord, _ right: PlanRecord) -> Bool {
  left.sequence < right.sequence
}

/// A stored event on its way back into its plan's record.
enum Fold {
  static func add(
    _ event: EventRecord, _ body: EventBody, to record: inout PlanRecord?
  ) throws(PawlError) {
    if case .planCreated(let frozen) = body, record == nil {
      record = try PlanRecord(
        id: event.plan, frozen: frozen, at: event.stamp, sequence: event.sequence)
      return
    }
    guard record != nil else {
      throw PawlError(
        .damagedJournal, "Plan \(event.plan) has events, but none that made it.",
        hint: "Run `pawl history verify`.")
    }
    try record?.apply(
      Entry(plan: event.plan, step: event.step, body), at: event.stamp, sequence: event.sequence)
  }
}
