import PawlModel

/// Plans, actors and stamps for tests of any journal.
public enum SamplePlans {
  public static let actor = Actor(uid: 1000, loginUID: 1000, tty: "pts/3", how: "terminal")
  public static let bootID = "6c4f3b1e-0d3e-4a53-9a57-0f3d5c1f7a11"

  public static func stamp(_ tick: Int64 = 0, boot: BootID = bootID) -> Stamp {
    Stamp(wallMillis: 1_790_000_000_000 + tick, bootID: boot, bootMillis: 60_000 + tick)
  }

  /// `s1`, `s2`, …: commands that do nothing; every second one may be repeated by itself.
  public static func plan(steps count: Int = 3, recipe: String = "sample") -> FrozenPlan {
    let user = Identity(uid: 1000, gid: 1000, groups: [1000], name: "ada", home: "/home/ada")
    let steps = (0..<max(count, 0)).map { index in
      FrozenStep(
        id: StepID("s\(index + 1)"), label: "Step \(index + 1)",
        action: .command(Command(argv: ["true", "\(index)"])), risk: index == 0 ? .high : .low,
        needsRoot: index == 0, runsAs: user, interrupted: index % 2 == 0 ? .retry : .ask,
        facts: [Fact(path: "/etc/fact", expectation: .absent)])
    }
    return FrozenPlan(
      recipe: recipe, summary: "A plan of \(count) steps", rollback: "Nothing to undo.",
      hostName: "testhost", asker: user, environment: ["PATH": "/usr/bin"],
      runningRelease: "6.1.0-41-amd64", newRelease: "6.1.170-pawl", modules: ["vfio-pci"],
      options: ["CONFIG_KVM"], steps: steps)
  }

  public static func approval(of record: PlanRecord, _ step: StepID) -> Entry {
    let digest = record.step(step)?.digest ?? .zero
    let approval = Approval(digest: digest, given: "terminal", answers: ["y"])
    return Entry(plan: record.id, step: step, .step(StepChange(.approve, approval: approval)))
  }

  public static func entry(_ plan: PlanID, _ step: StepID, _ event: StepEvent) -> Entry {
    Entry(plan: plan, step: step, .step(StepChange(event)))
  }

  public static func entry(_ plan: PlanID, _ event: PlanEvent) -> Entry {
    Entry(plan: plan, .plan(PlanChange(event)))
  }

  public static func succeeded(_ plan: PlanID, _ step: StepID, millis: Int64 = 12) -> Entry {
    let change = StepChange(.succeed, exit: ExitReport(.exited(0), millis: millis))
    return Entry(plan: plan, step: step, .step(change))
  }
}
