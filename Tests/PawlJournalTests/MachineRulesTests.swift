import Foundation
import GRDB
import JournalContract
import PawlJournal
import PawlModel
import Testing

/// The schema refuses what the machines refuse, whoever writes.
@Suite struct MachineRulesTests {
  /// A plan's and a step's row in any state, in a database with the triggers of the journal.
  private func database() throws -> DatabaseQueue {
    let journal = try TestJournal()
    let store = try journal.open()
    let id = try store.createPlan(
      SamplePlans.plan(), by: SamplePlans.actor, at: SamplePlans.stamp())
    #expect(id == PlanID(1))
    try store.close()
    let copy = try DatabaseQueue()
    let queue = try DatabaseQueue(path: journal.path)
    try queue.backup(to: copy)
    return copy
  }

  /// Puts a row into a state without asking the triggers, then tries to move it on.
  private func allows(
    _ db: Database, _ table: String, from: String, to: String
  ) throws -> Bool {
    let triggers = try Row.fetchAll(
      db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?",
      arguments: [table])
    for row in triggers { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") }
    let place = table == "plan" ? "id = 1" : "plan = 1 AND id = 's1'"
    try db.execute(sql: "UPDATE \(table) SET \(from) WHERE \(place)")
    for row in triggers { try db.execute(sql: row["sql"]) }
    do {
      try db.execute(sql: "UPDATE \(table) SET \(to) WHERE \(place)")
      return true
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      return false
    }
  }

  private func assign(_ state: PlanState) -> String {
    let reason = state.waitReason.map { "'\($0.rawValue)'" } ?? "NULL"
    return "state = '\(state.word)', wait_reason = \(reason)"
  }

  @Test("A plan's row moves between two states exactly where some event of the machine does")
  func planStates() throws {
    try database().write { db in
      for old in PlanState.allCases {
        let reached = Set(PlanEvent.allCases.compactMap { PlanMachine.next(old, $0)?.state })
        for new in PlanState.allCases where new != old {
          let allowed = try allows(db, "plan", from: assign(old), to: assign(new))
          #expect(allowed == reached.contains(new), "\(old) to \(new)")
        }
      }
    }
  }

  @Test("A step's row moves between two states exactly where some event of the machine does")
  func stepStates() throws {
    try database().write { db in
      for old in StepState.allCases {
        let reached = Set(StepEvent.allCases.compactMap { StepMachine.next(old, $0)?.state })
        for new in StepState.allCases where new != old {
          let allowed = try allows(
            db, "step", from: "state = '\(old.rawValue)', approved_digest = digest",
            to: "state = '\(new.rawValue)'")
          #expect(allowed == reached.contains(new), "\(old) to \(new)")
        }
      }
    }
  }

  @Test("Every pair of a plan's state and event has the same verdict in machine and schema")
  func planEvents() throws {
    try database().write { db in
      for state in PlanState.allCases {
        for event in PlanEvent.allCases {
          guard let next = PlanMachine.next(state, event)?.state else { continue }
          let allowed = try allows(db, "plan", from: assign(state), to: assign(next))
          #expect(allowed, "\(state) by \(event)")
        }
      }
    }
  }

  @Test("Every pair of a step's state and event has the same verdict in machine and schema")
  func stepEvents() throws {
    try database().write { db in
      for state in StepState.allCases {
        for event in StepEvent.allCases {
          guard let next = StepMachine.next(state, event)?.state else { continue }
          let allowed = try allows(
            db, "step", from: "state = '\(state.rawValue)', approved_digest = digest",
            to: "state = '\(next.rawValue)'")
          #expect(allowed, "\(state) by \(event)")
        }
      }
    }
  }

  @Test("The schema knows every word of the model's machines, and lets kinds of events be added")
  func words() throws {
    let sql = try database().read { db in
      try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE type = 'table'")
    }.joined(separator: "\n")
    let words =
      PlanState.allCases.map(\.word) + StepState.allCases.map(\.rawValue)
      + WaitReason.allCases.map(\.rawValue) + ControlRequest.allCases.map(\.rawValue)
      + Risk.allCases.map(\.rawValue)
    for word in words { #expect(sql.contains("'\(word)'"), "\(word)") }
    let isWord = /[a-z][a-z.]*/
    for kind in EventKind.allCases { #expect(kind.rawValue.wholeMatch(of: isWord) != nil) }
  }

  @Test(
    "The schema refuses what would make history lie",
    arguments: [
      "UPDATE event SET wall_ms = 0", "DELETE FROM event", "DELETE FROM journal",
      "UPDATE journal SET id = lower(hex(zeroblob(16)))",
      "INSERT OR REPLACE INTO event SELECT * FROM event WHERE sequence = 1",
      "INSERT INTO event SELECT 3, plan, step, attempt, kind, wall_ms, boot_id, boot_ms, actor, "
        + "payload, hash, hash FROM event",
      "INSERT INTO event SELECT 2, plan, step, attempt, kind, wall_ms, boot_id, boot_ms, actor, "
        + "payload, previous, hash FROM event",
      "INSERT INTO event SELECT 2, plan, step, attempt, 'Other!', wall_ms, boot_id, boot_ms, "
        + "actor, payload, hash, hash FROM event",
      "UPDATE plan SET state = 'waiting'", "UPDATE plan SET wait_reason = 'person'",
      "UPDATE plan SET state = 'gone'", "UPDATE step SET state = 'gone'",
      "UPDATE step SET risk = 'none'",
      "UPDATE step SET state = 'approved'; UPDATE step SET state = 'started'",
      "UPDATE step SET state = 'approved', approved_digest = replace(digest, 'a', 'b') || ''; "
        + "UPDATE step SET state = 'started', digest = lower(hex(randomblob(32)))",
      "INSERT INTO step SELECT 1, 'new', 9, label, action, risk, needs_root, 'started', digest, "
        + "digest, 1, boot_id, why, ending, millis, 0, 0 FROM step LIMIT 1",
    ])
  func refused(_ sql: String) throws {
    try database().writeWithoutTransaction { db in
      let error = #expect(throws: DatabaseError.self) { try db.execute(sql: sql) }
      #expect(error?.resultCode == .SQLITE_CONSTRAINT)
      #expect(error?.message?.isEmpty == false)
    }
  }
}
