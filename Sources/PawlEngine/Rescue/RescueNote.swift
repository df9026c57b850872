import PawlHost
import PawlModel

/// Puts the rescue card on disk before the first high step. A host that cannot hold it is not
/// touched: what gets it back has to be readable when Pawl is not.
struct RescueNote {
  let context: RunnerContext
  let plan: PlanRecord

  /// A plan that only works in folders of its own user cannot strand the host.
  var isOwed: Bool { plan.frozen.root != "/" || plan.frozen.steps.contains(where: \.needsRoot) }

  func write(for step: StepRecord) throws -> Entry {
    let path = RescueCard.path(root: plan.frozen.root)
    let bytes = Array(RescueCard(plan: plan).text(plan: plan).utf8)
    let identity = context.keeper(of: plan)
    let present = try context.host.state(at: path)
    if present.digest != SHA256.hash(bytes) {
      let folder = String(path.dropLast("/pawl-rescue.txt".count))
      try context.host.makeFolder(at: folder, mode: 0o755, as: identity)
      _ = try context.host.publish(
        at: path, metadata: nil, mode: 0o644, replacing: present, as: identity
      ) { try $0(bytes) }
    }
    return Entry(
      plan: plan.id, step: step.id,
      .note(Note(topic: "rescue", text: "The way back is written in \(path).")))
  }
}
