import PawlModel

/// A plan that tries `6.1.140-pawl1` on a host that runs `6.1.0-42-amd64`, told event by event.
struct TrialStory {
  static let new = "6.1.140-pawl1"
  static let old = "6.1.0-42-amd64"
  static let terms = TrialTerms(token: "7.1", deadlineSeconds: 600, settleSeconds: 60)

  var plan: PlanRecord
  let terms: TrialTerms

  init(_ terms: TrialTerms = TrialStory.terms) throws {
    self.terms = terms
    let restart = FrozenStep(
      id: "restart", label: "Restart",
      action: .restart(
        kind: .system, message: "new kernel", expectedRelease: Self.new, trial: terms),
      risk: .high, needsRoot: true, runsAs: .root)
    let frozen = FrozenPlan(
      recipe: "kernel-rebuild", summary: "s", rollback: "as it was", hostName: "gpu-01",
      asker: .root, runningRelease: Self.old, newRelease: Self.new, steps: [restart])
    plan = try PlanRecord(
      id: PlanID(7), frozen: frozen,
      at: Stamp(wallMillis: 0, bootID: "before", bootMillis: 0), sequence: 1)
  }

  static func boot(_ id: BootID, _ release: String, _ commandLine: String = "root=/dev/sda1")
    -> BootIdentity
  {
    BootIdentity(
      bootID: id, release: release, version: "#1", buildID: nil, commandLine: commandLine)
  }

  static let before = boot("before", old)
  static let trial = boot("trial", new, "root=/dev/sda1 pawl.trial=7.1 panic=30")
  static let after = boot("after", old)

  private mutating func add(_ bodies: EventBody..., step: StepID? = nil, under: BootID = "before")
    throws
  {
    plan = try plan.applying(
      bodies.map { Entry(plan: plan.id, step: step, $0) },
      at: Stamp(wallMillis: 1000, bootID: under, bootMillis: 1000))
  }

  /// Up to the restart: what comes next is the trial.
  func armed() throws -> TrialStory {
    var story = self
    let entry = BootEntry(id: "pawl-trial", title: "", image: "", initrds: [], commandLine: "")
    let health = HealthState(
      failedUnits: [], mounts: ["/"], rootIsWritable: true, defaultRoutes: [], modules: [],
      wantedModules: [], dkmsModules: nil, taint: 0)
    let armed = ArmedTrial(
      before: Self.before,
      expected: KernelIdentity(release: Self.new, version: "#1", buildID: nil), trial: entry,
      fallback: entry, files: [:], health: health)
    let approval = Approval(digest: plan.steps[0].digest, given: "digest")
    try story.add(
      .step(StepChange(.approve, approval: approval)), step: "restart")
    try story.add(.plan(PlanChange(.run)))
    try story.add(
      .step(StepChange(.start)), .trial(.armed(armed)), .trial(.oneShotSet(entry: "pawl-trial")),
      step: "restart")
    try story.add(.plan(PlanChange(.wait(.reboot))))
    return story
  }

  func waitsForTrial() throws -> TrialStory {
    var story = try armed()
    try story.add(.plan(PlanChange(.run)), under: "trial")
    try story.add(
      .plan(PlanChange(.wait(.trial), why: "The new kernel runs; it has not proved itself yet.")),
      under: "trial")
    return story
  }

  func succeeded() throws -> TrialStory {
    var story = try waitsForTrial()
    let report = BootReport(
      identity: Self.trial, isTrial: true, summary: "The new kernel is well.")
    try story.add(.plan(PlanChange(.run)), under: "trial")
    try story.add(
      .trial(.booted(report)), .step(StepChange(.succeed)), step: "restart", under: "trial")
    try story.add(.plan(PlanChange(.succeed)), under: "trial")
    return story
  }

  /// The new kernel panicked; the old one came back.
  func fellBack(summary: String, evidence: [String: String] = [:]) throws -> TrialStory {
    var story = try armed()
    let report = BootReport(
      identity: Self.after, isTrial: false, summary: summary, evidence: evidence)
    try story.add(.plan(PlanChange(.run)), under: "after")
    try story.add(
      .trial(.booted(report)), .step(StepChange(.fail, why: summary)), step: "restart",
      under: "after")
    try story.add(
      .plan(PlanChange(.fail)), .plan(PlanChange(.beginRollback, why: summary)), under: "after")
    try story.add(
      .step(StepChange(.beginUndo)), .step(StepChange(.finishUndo)), step: "restart",
      under: "after")
    try story.add(.plan(PlanChange(.finishRollback)), under: "after")
    return story
  }
}
