import GRDB
import PawlModel

/// Replays one plan's events through the fold and compares every row that they should have left.
/// Holds one plan in memory.
struct ProjectionCheck {
  let db: Database
  let plan: PlanID

  private typealias Rows = [[DatabaseValue]: [DatabaseValue]]

  func findings() throws -> [Finding] {
    var expected: [ProjectionTable: Rows] = [:]
    do {
      try replay(into: &expected)
    } catch let error as PawlError {
      return [
        Finding(
          .impossibleHistory, plan: plan,
          "The events of plan \(plan) cannot have happened: \(error.message)")
      ]
    }
    return try ProjectionTable.all.flatMap { try compare($0, expected[$0] ?? [:]) }
  }

  private func replay(into rows: inout [ProjectionTable: Rows]) throws {
    var record: PlanRecord?
    let events = try EventRows.cursor(db, plan: plan)
    while let event = try events.next() {
      let body = try event.body()
      let entry = Entry(plan: plan, step: event.step, body)
      let before = record.map { StepBefore(entry, in: $0) }
      try Fold.add(event, body, to: &record)
      if let before {
        guard before.attempt == event.attempt else {
          throw PawlError(.damagedJournal, "event \(event.sequence) names another attempt.")
        }
        Self.add(try Projector.history(of: event, body, before: before), to: &rows)
      } else if let record {
        Self.add(try Projector.creation(of: record, by: event), to: &rows)
      }
    }
    guard let record else { return }
    Self.add([Projector.plan(record)], to: &rows)
    Self.add(record.steps.map { Projector.step($0, of: plan) }, to: &rows)
  }

  private static func add(_ changes: [RowChange], to rows: inout [ProjectionTable: Rows]) {
    for change in changes {
      let fixedCount = change.table.fixed.count
      let kept = rows[change.table]?[change.key]?.prefix(fixedCount)
      let fixed = change.kind == .insert ? change.fixed : Array(kept ?? [])
      rows[change.table, default: [:]][change.key] = fixed + change.changing
    }
  }

  private func compare(_ table: ProjectionTable, _ expected: Rows) throws -> [Finding] {
    var missing = expected
    var findings: [Finding] = []
    let found = try db.cachedStatement(sql: table.selectSQL).rows([plan.number])
    while let row = try found.next() {
      let values = Array(row.databaseValues)
      let key = Array(values.prefix(table.key.count))
      guard let wanted = missing.removeValue(forKey: key) else {
        findings.append(finding(table, key, "has a row that no event made"))
        continue
      }
      let rest = values.dropFirst(table.key.count)
      for (index, pair) in zip(rest, wanted).enumerated() where pair.0 != pair.1 {
        let column = table.columns[table.key.count + index]
        let words = "says \(show(pair.0)) in its column \(column), the events say \(show(pair.1))"
        findings.append(finding(table, key, words))
      }
    }
    return findings + missing.keys.map { finding(table, $0, "lacks a row that the events made") }
  }

  private func finding(
    _ table: ProjectionTable, _ key: [DatabaseValue], _ what: String
  ) -> Finding {
    let place = zip(table.key, key).map { "\($0) \(show($1))" }.joined(separator: ", ")
    return Finding(.projection, plan: plan, "The table \(table.name) (\(place)) \(what).")
  }

  private func show(_ value: DatabaseValue) -> String {
    switch value.storage {
    case .null: "nothing"
    case .int64(let number): String(number)
    case .double(let number): String(number)
    case .string(let text): text.count > 80 ? "\(text.prefix(80))…" : text
    case .blob(let data): "\(data.count) bytes"
    }
  }
}
