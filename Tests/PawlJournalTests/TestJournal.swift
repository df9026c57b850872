import Foundation
import GRDB
import JournalContract
import PawlJournal
import PawlModel

/// A journal in a folder of its own, which goes away with the value.
final class TestJournal {
  let folder: String
  var path: String { folder + "/journal.db" }

  init() throws {
    folder = NSTemporaryDirectory() + "pawl-journal-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func open() throws -> SQLiteJournal { try SQLiteJournal.openOrCreate(path: path) }

  /// A connection that is none of ours: what a person with a database tool can do.
  func meddle(_ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in try db.execute(sql: sql) }
    try queue.close()
  }

  func write(_ bytes: [UInt8], to name: String = "journal.db") throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  func bytes(of name: String = "journal.db") throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
  }

  var names: Set<String> {
    get throws { Set(try FileManager.default.contentsOfDirectory(atPath: folder)) }
  }
}

extension SQLiteJournal {
  /// A plan that went through all its steps in two commits a step.
  @discardableResult
  func runPlan(steps: Int = 3, recipe: String = "sample") throws -> PlanID {
    let id = try createPlan(
      SamplePlans.plan(steps: steps, recipe: recipe), by: SamplePlans.actor,
      at: SamplePlans.stamp())
    guard let record = try plan(id) else { return id }
    try append(
      record.steps.map { SamplePlans.approval(of: record, $0.id) } + [SamplePlans.entry(id, .run)],
      by: SamplePlans.actor, at: SamplePlans.stamp(1))
    for (index, step) in record.steps.enumerated() {
      let stamp = SamplePlans.stamp(Int64(index) + 2)
      try append([SamplePlans.entry(id, step.id, .start)], by: SamplePlans.actor, at: stamp)
      try append([SamplePlans.succeeded(id, step.id)], by: SamplePlans.actor, at: stamp)
    }
    try append(
      [SamplePlans.entry(id, .succeed)], by: SamplePlans.actor, at: SamplePlans.stamp(999))
    return id
  }
}

/// The error that work throws, where it throws one of ours.
func fault(_ work: () throws -> Void) -> PawlError? {
  do {
    try work()
    return nil
  } catch {
    return error as? PawlError
  }
}
