import PawlModel
import Testing

extension Identity {
  static let alice = Identity(
    uid: 1000, gid: 1000, groups: [1000, 27], name: "alice", home: "/home/alice")
}

func sampleStep(_ id: StepID = "one", uses: [StepID] = []) -> FrozenStep {
  FrozenStep(
    id: id, label: "A step", action: .command(Command(argv: ["true"])), risk: .low,
    runsAs: .alice, interrupted: .ask, uses: uses)
}

func samplePlan(_ steps: [FrozenStep] = [sampleStep()]) -> FrozenPlan {
  FrozenPlan(
    recipe: "sample", summary: "A sample", rollback: "Nothing to do", hostName: "gpu-01",
    asker: .alice, steps: steps)
}

func stepDigest(_ step: FrozenStep) throws -> Digest {
  let digests = try PlanDigests(samplePlan([step]))
  return try #require(digests.steps[step.id])
}

let boot = Stamp(wallMillis: 1, bootID: "boot-1", bootMillis: 1)

func record(_ steps: [FrozenStep] = [sampleStep()]) throws -> PlanRecord {
  try PlanRecord(id: PlanID(1), frozen: samplePlan(steps), at: boot, sequence: 1)
}
