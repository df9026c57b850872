import PawlModel

/// 8. Every event carries the hash of the one before, and what the journal says of a plan is what
/// its events say.
final class HistoryWatcher: Watcher {
  private var verified = 0
  private var lastHash = Digest.zero

  func survived(_ crash: CrashKind, in world: World) { verifyNewRows(world) }

  func ended(_ world: World) {
    verified = 0
    lastHash = .zero
    verifyNewRows(world)
    if world.foldsAgain { compareWithFreshFold(world) }
  }

  private func verifyNewRows(_ world: World) {
    for row in world.log.records.dropFirst(verified) {
      verified += 1
      let follows = row.sequence == Int64(verified) && row.previous == lastHash
      guard follows, row.hash == row.expectedHash() else {
        return world.violate(8, "Event \(row.sequence) does not fit into the chain.")
      }
      lastHash = row.hash
    }
  }

  private func compareWithFreshFold(_ world: World) {
    do {
      guard let fresh = try Self.fold(world.log.records) else { return }
      guard fresh == world.record else {
        return world.violate(8, "The plan as it is shown is not the plan as its events leave it.")
      }
    } catch {
      world.violate(8, "The events cannot be folded again: \(error).")
    }
  }

  private static func fold(_ rows: [EventRecord]) throws -> PlanRecord? {
    var record: PlanRecord?
    for row in rows where row.plan == World.planID {
      let body = try row.body()
      if case .planCreated(let plan) = body {
        record = try PlanRecord(
          id: row.plan, frozen: plan, at: row.stamp, sequence: row.sequence)
      } else {
        let entry = Entry(plan: row.plan, step: row.step, body)
        try record?.apply(entry, at: row.stamp, sequence: row.sequence)
      }
    }
    return record
  }
}
