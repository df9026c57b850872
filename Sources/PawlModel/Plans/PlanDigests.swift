/// Digests of a plan and of its steps. A step's digest covers all that it will do and rely on:
/// itself, what every step of the plan shares (root, identity, environment, host), and the
/// digests of the steps whose products it uses, so that a night's build can be approved whole.
public struct PlanDigests: Sendable, Hashable {
  public let plan: Digest
  public let steps: [StepID: Digest]

  public init(_ plan: FrozenPlan) throws(PawlError) {
    var shared = plan
    shared.steps = []
    let common = try CanonicalJSON.digest(shared, as: "plan-common")
    var digests: [StepID: Digest] = [:]
    for step in plan.steps {
      var used: [String: Digest] = [:]
      for id in step.uses { used[id.name] = digests[id] }
      digests[step.id] = try CanonicalJSON.digest(
        Covered(common: common, step: step, uses: used), as: "step")
    }
    steps = digests
    self.plan = try CanonicalJSON.digest(
      plan.steps.map { digests[$0.id] ?? .zero } + [common], as: "plan")
  }

  private struct Covered: Encodable {
    var common: Digest
    var step: FrozenStep
    var uses: [String: Digest]
  }
}
