import JournalContract
import PawlJournal
import PawlModel
import Testing

@Suite struct QueryTests {
  private let journal: TestJournal
  private let store: SQLiteJournal

  init() throws {
    journal = try TestJournal()
    store = try journal.open()
  }

  private func text(_ store: SQLiteJournal, _ plan: PlanID, from: Int64 = 0) throws -> String {
    var bytes: [UInt8] = []
    try store.output(of: plan, step: "s1", attempt: 1, from: from) { bytes += $0.bytes }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("The plan that matters is the one that runs, then one that waits, then the newest")
  func status() throws {
    #expect(try store.statusPlan() == nil)
    let done = try store.runPlan()
    #expect(try store.statusPlan()?.id == done)
    let running = try JournalHelp.running(store)
    try store.runPlan()
    #expect(try store.statusPlan()?.id == running)
    try store.append(
      [SamplePlans.entry(running, .wait(.person))], by: SamplePlans.actor,
      at: SamplePlans.stamp())
    let summary = try #require(try store.statusPlan())
    #expect(summary.id == running && summary.state == .waiting(.person))
    let other = try JournalHelp.running(store)
    #expect(try store.statusPlan()?.id == other)
  }

  @Test("History is filtered by kernel, module, option, recipe, result, time and number")
  func filters() throws {
    for recipe in ["a", "b", "a"] { try store.runPlan(recipe: recipe) }
    func found(_ filter: PlanFilter) throws -> [Int64] { try store.plans(filter).map(\.id.number) }
    #expect(try found(PlanFilter()) == [3, 2, 1])
    #expect(try found(PlanFilter(recipe: "a")) == [3, 1])
    #expect(try found(PlanFilter(kernel: "6.1.170-pawl", module: "vfio_pci")) == [3, 2, 1])
    #expect(try found(PlanFilter(module: "vfio-pci", option: "KVM", limit: 2)) == [3, 2])
    #expect(try found(PlanFilter(option: "CONFIG_XEN")) == [])
    #expect(try found(PlanFilter(result: "succeeded", before: PlanID(3))) == [2, 1])
    #expect(try found(PlanFilter(result: "failed")) == [])
    let created = SamplePlans.stamp().wallMillis
    #expect(try found(PlanFilter(since: created, until: created + 1)) == [3, 2, 1])
    #expect(try found(PlanFilter(since: created + 1)) == [])
  }

  @Test("A module is one, with dashes or underscores, in the plan and in the question")
  func moduleNames() throws {
    for spelled in ["vfio-pci", "vfio_pci", "vfio"] {
      var plan = SamplePlans.plan()
      plan.modules = [spelled]
      _ = try store.createPlan(plan, by: SamplePlans.actor, at: SamplePlans.stamp())
    }
    for asked in ["vfio-pci", "vfio_pci"] {
      #expect(try store.plans(PlanFilter(module: asked)).map(\.id.number) == [2, 1])
    }
  }

  @Test("Summaries say what the record says")
  func summaries() throws {
    let id = try store.runPlan(steps: 4)
    let record = try #require(try store.plan(id))
    let summary = try #require(try store.planSummary(id))
    #expect(summary.digest == record.digest && summary.state == record.state)
    #expect(summary.risk == .high && summary.stepCount == 4 && summary.doneCount == 4)
    #expect(summary.updated == record.updated && summary.newestSequence == record.sequence)
    let steps = try store.steps(of: id)
    #expect(steps.map(\.id) == record.steps.map(\.id))
    #expect(steps.map(\.digest) == record.steps.map(\.digest))
    #expect(steps.map(\.exit) == record.steps.map(\.exit))
    #expect(steps.allSatisfy { $0.state == .succeeded && $0.attempts == 1 })
    let approvals = try store.approvals(of: id)
    #expect(approvals.map(\.digest) == record.steps.map(\.digest))
    #expect(approvals.allSatisfy { $0.actor == SamplePlans.actor })
    let attempts = try store.attempts(of: id)
    #expect(attempts.map(\.outcome) == Array(repeating: .succeed, count: 4))
    #expect(attempts.allSatisfy { $0.exit == ExitReport(.exited(0), millis: 12) })
  }

  @Test("Output is read in order, from any byte on, and compressed in the journal")
  func output() throws {
    let plan = try JournalHelp.running(store)
    let lines = (0..<20_000).map { "  CC      drivers/net/file\($0).o\n" }
    let whole = lines.joined()
    try store.appendOutput(Array(whole.utf8.prefix(500_000)), plan: plan, step: "s1", attempt: 1)
    try store.appendOutput(Array(whole.utf8.dropFirst(500_000)), plan: plan, step: "s1", attempt: 1)
    #expect(try text(store, plan) == whole)
    #expect(try text(store, plan, from: 400_123) == String(whole.dropFirst(400_123)))
    let size = try #require(try store.outputSizes(of: plan).first)
    #expect(size.raw == whole.utf8.count && size.packed * 3 < size.raw)
    let end = try store.output(of: plan, step: "s1", attempt: 1, from: size.raw) { _ in }
    try store.appendOutput(Array("more".utf8), plan: plan, step: "s1", attempt: 1)
    #expect(try text(store, plan, from: end) == "more")
  }

  @Test("Events are streamed in order, exported with all columns, and may be cut short")
  func events() throws {
    let plan = try store.runPlan()
    try store.runPlan()
    var sequences: [Int64] = []
    try store.events(of: plan) { event in
      sequences.append(event.sequence)
      #expect(event.expectedHash() == event.hash)
      return sequences.count < 5
    }
    #expect(sequences == [1, 2, 3, 4, 5])
    var lines: [String] = []
    try store.export { lines.append($0) }
    let head = try #require(try store.newestHead())
    #expect(lines.count == Int(head.sequence))
    #expect(lines.last?.contains("\"hash\":\"\(head.hash)\"") == true)
    #expect(lines.allSatisfy { $0.hasSuffix("}\n") })
  }

  @Test("Backups, checkpoints and earlier builds are found")
  func details() throws {
    var frozen = SamplePlans.plan(steps: 2)
    frozen.steps[0].action = .build(directory: "/b", command: Command(argv: ["make"]))
    let id = try store.createPlan(frozen, by: SamplePlans.actor, at: SamplePlans.stamp())
    let record = try #require(try store.plan(id))
    let backup = Backup(path: "/etc/a", before: .absent)
    let checkpoint = Checkpoint(
      done: 2900, expected: 3000, basis: "tree", millis: 8, outputBytes: 1)
    try store.append(
      [
        SamplePlans.approval(of: record, "s1"), SamplePlans.entry(id, .run),
        SamplePlans.entry(id, "s1", .start), Entry(plan: id, step: "s1", .backup(backup)),
        Entry(plan: id, step: "s1", .checkpoint(checkpoint)),
        SamplePlans.succeeded(id, "s1", millis: 900_000),
      ], by: SamplePlans.actor, at: SamplePlans.stamp())
    #expect(try store.backups(of: id).map(\.backup) == [backup])
    #expect(try store.backups(path: "/etc/a").count == 1)
    #expect(try store.backups(of: id, path: "/etc/b").isEmpty)
    let number = try #require(try store.backups(of: id).first).sequence
    #expect(try store.backups(sequence: number).map(\.backup) == [backup])
    #expect(try store.backups(sequence: number + 1).isEmpty)
    #expect(try store.latestCheckpoint(of: id, step: "s1")?.checkpoint == checkpoint)
    #expect(try store.latestCheckpoint(of: id, step: "s2") == nil)
    let build = try #require(try store.earlierBuilds().first)
    #expect(build.millis == 900_000 && build.done == 2900 && build.release == "6.1.170-pawl")
  }

  @Test("The data version moves when another connection commits, not otherwise")
  func dataVersion() throws {
    let (watcher, writer) = (store, try journal.open())
    let before = try watcher.dataVersion()
    #expect(try watcher.dataVersion() == before)
    try writer.runPlan()
    #expect(try watcher.dataVersion() != before)
  }
}

enum JournalHelp {
  static func running(_ store: SQLiteJournal) throws -> PlanID {
    let id = try store.createPlan(
      SamplePlans.plan(), by: SamplePlans.actor, at: SamplePlans.stamp())
    try store.append([SamplePlans.entry(id, .run)], by: SamplePlans.actor, at: SamplePlans.stamp())
    return id
  }
}
