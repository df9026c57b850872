import PawlHost
import PawlModel

/// What makes a step that is found done, by its check or by a person, as good as one that was seen
/// to end.
public struct Confirmation {
  private let context: RunnerContext
  private let plan: PlanRecord

  public init(context: RunnerContext, plan: PlanRecord) {
    self.context = context
    self.plan = plan
  }

  /// Who looks sees what is in the cache too: it is made durable, and what the step's own attempt
  /// left is recorded, before the step is called done. Throws where it cannot be made durable.
  public func entries(for id: StepID) throws -> [Entry] {
    guard let step = plan.step(id), step.frozen.effects == .durable else { return [] }
    try context.host.sync(fileSystemsOf: plan.pathsWritten(by: step))
    return try Performer(context: context, plan: plan, step: step).entriesWithProof()
  }
}
