import PawlJournal
import PawlModel

/// Writes what years of kernel plans would have left: each plan of sixteen steps, every one
/// approved, one of them a build with checkpoints.
struct History {
  let journal: SQLiteJournal
  private(set) var events: Int64 = 0
  private(set) var plans = 0
  private var tick: Int64 = 0

  init(journal: SQLiteJournal) { self.journal = journal }

  private static let stepCount = 16
  private static let checkpoints = 30
  private static let user = Identity(
    uid: 1000, gid: 1000, groups: [1000], name: "ada", home: "/home/ada")
  private static let person = Actor(uid: 1000, loginUID: 1000, tty: "pts/3", how: "terminal")
  private static let runner = Actor(uid: 0, loginUID: 1000, sudoUID: 1000, how: "runner")

  /// Several plans share their transactions, so that a million events take a minute or two.
  mutating func addFinishedPlans(_ count: Int) throws {
    let records = try (0..<count).map { _ in try create() }
    try append(records.flatMap { approvals(of: $0) }, by: History.person)
    try append(records.flatMap { performance(of: $0) }, by: History.runner)
  }

  /// Approved in part, begun, and stopped where the next approval is missing.
  mutating func addWaitingPlan() throws {
    let record = try create()
    let approved = Array(approvals(of: record).prefix(4))
    try append(approved, by: History.person)
    let steps = record.steps.prefix(4).flatMap { attempt($0, of: record.id) }
    let wait = PlanChange(.wait(.approval), why: "Step \"s4\" is not approved.")
    try append(
      [Entry(plan: record.id, .plan(PlanChange(.run)))] + steps
        + [Entry(plan: record.id, .plan(wait))], by: History.runner)
  }

  private mutating func create() throws -> PlanRecord {
    plans += 1
    events += 1
    let id = try journal.createPlan(plan(number: plans), by: History.person, at: nextStamp())
    guard let record = try journal.plan(id) else {
      throw PawlError(.internalFault, "Plan \(id) is not in the journal.")
    }
    return record
  }

  private mutating func append(_ entries: [Entry], by actor: Actor) throws {
    try journal.append(entries, by: actor, at: nextStamp())
    events += Int64(entries.count)
  }

  private mutating func nextStamp() -> Stamp {
    tick += 60_000
    return Stamp(
      wallMillis: 1_600_000_000_000 + tick, bootID: "6c4f3b1e-0d3e-4a53-9a57-0f3d5c1f7a11",
      bootMillis: tick)
  }

  // MARK: - A plan

  private func plan(number: Int) -> FrozenPlan {
    let release = "6.1.\(number)-pawl1"
    let work = "/home/ada/.cache/pawl/\(number)"
    let steps = (0..<History.stepCount).map { index in
      FrozenStep(
        id: StepID("s\(index)"), label: "Step \(index) of kernel \(release)",
        action: action(index, work: work), risk: index == 5 ? .high : .medium,
        runsAs: History.user, interrupted: .retry,
        facts: [Fact(path: "\(work)/fact-\(index)", expectation: .absent)],
        uses: index == 0 ? [] : [StepID("s\(index - 1)")])
    }
    return FrozenPlan(
      recipe: "kernel-rebuild", summary: "Build the kernel \(release)",
      rollback: "Start the old kernel from the boot menu.", hostName: "host", root: "/",
      asker: History.user, environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"],
      runningRelease: "6.1.0-41-amd64", newRelease: release, modules: ["vfio_pci"],
      options: ["VFIO_PCI", "KVM"], steps: steps)
  }

  private func action(_ index: Int, work: String) -> Action {
    let make = Command(argv: ["make", "-C", "\(work)/source", "O=\(work)/build", "-j8"])
    return index == 5
      ? .build(directory: "\(work)/build", command: make) : .command(make)
  }

  private func approvals(of record: PlanRecord) -> [Entry] {
    record.steps.map { step in
      let approval = Approval(digest: step.digest, given: "terminal", answers: ["yes"])
      return Entry(
        plan: record.id, step: step.id, .step(StepChange(.approve, approval: approval)))
    }
  }

  private func performance(of record: PlanRecord) -> [Entry] {
    [Entry(plan: record.id, .plan(PlanChange(.run)))]
      + record.steps.flatMap { attempt($0, of: record.id) }
      + [Entry(plan: record.id, .plan(PlanChange(.succeed)))]
  }

  private func attempt(_ step: StepRecord, of plan: PlanID) -> [Entry] {
    func entry(_ body: EventBody) -> Entry { Entry(plan: plan, step: step.id, body) }
    var entries = [entry(.step(StepChange(.start)))]
    if case .build = step.frozen.action {
      entries += (1...History.checkpoints).map { number in
        entry(
          .checkpoint(
            Checkpoint(
              done: number * 100, expected: 3100, basis: "tree", millis: Int64(number) * 10_000,
              outputBytes: 0)))
      }
    }
    let succeed = StepChange(.succeed, exit: ExitReport(.exited(0), millis: 1200))
    return entries + [entry(.step(succeed))]
  }
}
