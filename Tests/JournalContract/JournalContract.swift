import PawlJournal
import PawlModel

/// What every `JournalStore` promises to the engine, as functions that throw where a store breaks
/// it. `open` opens one and the same journal again each time it is called, as another process
/// would; it is empty before the first promise is checked.
public struct Promise: Sendable, CustomStringConvertible {
  public typealias Open = () throws -> any JournalStore

  public let description: String
  public let check: @Sendable (Open) throws -> Void

  init(_ description: String, _ check: @escaping @Sendable (Open) throws -> Void) {
    self.description = description
    self.check = check
  }
}

public struct BrokenPromise: Error, CustomStringConvertible {
  public let description: String
}

public enum JournalContract {
  public static let promises =
    planPromises + appendPromises + chainPromises + blobPromises

  static func expect(_ holds: Bool, _ words: @autoclosure () -> String) throws {
    guard holds else { throw BrokenPromise(description: words()) }
  }

  static func same<Value: Equatable>(_ found: Value, _ wanted: Value, _ what: String) throws {
    try expect(found == wanted, "\(what): expected \(wanted), found \(found)")
  }

  /// The store has to throw a `PawlError` with the code.
  static func refuses(
    _ code: PawlError.Code, _ what: String, _ work: () throws -> Void
  ) throws {
    do {
      try work()
    } catch let error as PawlError {
      try same(error.code, code, "\(what) is refused with another code (\(error))")
      return
    } catch {
      throw BrokenPromise(description: "\(what) throws what is no PawlError: \(error)")
    }
    throw BrokenPromise(description: "\(what) is not refused")
  }

  /// A plan whose steps are approved and which runs.
  static func running(_ store: any JournalStore, steps: Int = 3) throws -> PlanRecord {
    let id = try store.createPlan(
      SamplePlans.plan(steps: steps), by: SamplePlans.actor, at: SamplePlans.stamp())
    let record = try record(store, id)
    let approvals = record.steps.map { SamplePlans.approval(of: record, $0.id) }
    try append(store, approvals + [SamplePlans.entry(id, .run)])
    return try self.record(store, id)
  }

  static func record(_ store: any JournalStore, _ id: PlanID) throws -> PlanRecord {
    guard let record = try store.plan(id) else {
      throw BrokenPromise(description: "plan \(id) is not there after it was made")
    }
    return record
  }

  @discardableResult
  static func append(_ store: any JournalStore, _ entries: [Entry]) throws -> Int64 {
    try store.append(entries, by: SamplePlans.actor, at: SamplePlans.stamp(1))
  }
}
