import GRDB
import PawlModel

/// Reads every event in order and compares it with its hash and with the one before it. Holds a
/// bounded number of events in memory.
struct ChainCheck {
  /// Of events that do not fit their hash, how many are kept to see whether they were exchanged.
  private static let keptMisfits = 100

  private(set) var findings: [Finding] = []
  private(set) var unlisted = 0
  private(set) var last: JournalHead?
  private(set) var count = 0
  /// Every event is there and is what was written.
  private(set) var isWhole = true
  private var lastIsSound = true
  private var misfits: [EventRecord] = []

  mutating func add(_ row: Row) throws {
    let sequence = try row.int(0)
    count += 1
    if sequence != (last?.sequence ?? 0) + 1 { addGap(before: sequence) }
    guard let event = try? EventRows.record(row) else {
      add(.changedEvent, sequence, "Event \(sequence) was changed: it cannot be read any more.")
      (last, lastIsSound) = (JournalHead(sequence: sequence, hash: .zero), false)
      return
    }
    check(event)
    last = JournalHead(sequence: sequence, hash: event.hash)
  }

  private mutating func check(_ event: EventRecord) {
    let isSound = event.expectedHash() == event.hash
    if !isSound {
      if misfits.count < Self.keptMisfits { misfits.append(event) } else { addChanged(event) }
    } else if lastIsSound, event.previous != last?.hash ?? .zero {
      add(
        .brokenChain, event.sequence,
        "Event \(event.sequence) does not follow event \(event.sequence - 1): it carries another "
          + "hash than that one has.")
    }
    lastIsSound = isSound
  }

  private mutating func addGap(before sequence: Int64) {
    let first = (last?.sequence ?? 0) + 1
    let words =
      first == sequence - 1
      ? "Event \(first) is missing." : "Events \(first) to \(sequence - 1) are missing."
    add(.missingEvents, first, words)
    // What the missing one's hash was, nobody can say.
    lastIsSound = false
  }

  private mutating func addChanged(_ event: EventRecord) {
    keep(
      Finding(
        .changedEvent, sequence: event.sequence, plan: event.plan,
        "Event \(event.sequence) (\(event.kind) of plan \(event.plan)) was changed after it was "
          + "written: it does not give its hash."))
  }

  private mutating func add(_ kind: Finding.Kind, _ sequence: Int64, _ message: String) {
    keep(Finding(kind, sequence: sequence, message))
  }

  private mutating func keep(_ finding: Finding) {
    isWhole = false
    if findings.count < VerifyReport.listed { findings.append(finding) } else { unlisted += 1 }
  }

  /// Events that fit each other's number were exchanged; the others were changed.
  mutating func finish() {
    var rest = misfits[...]
    while let event = rest.popFirst() {
      if let index = rest.firstIndex(where: { wereExchanged(event, $0) }) {
        let other = rest.remove(at: index)
        add(
          .exchangedEvents, event.sequence,
          "Events \(event.sequence) and \(other.sequence) were exchanged.")
      } else {
        addChanged(event)
      }
    }
    misfits = []
    findings.sort { ($0.sequence ?? 0) < ($1.sequence ?? 0) }
  }

  private func wereExchanged(_ left: EventRecord, _ right: EventRecord) -> Bool {
    fits(left, at: right.sequence) && fits(right, at: left.sequence)
  }

  private func fits(_ event: EventRecord, at sequence: Int64) -> Bool {
    var moved = event
    moved.sequence = sequence
    return moved.expectedHash() == event.hash
  }
}
