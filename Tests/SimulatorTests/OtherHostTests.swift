import PawlEngine
import PawlHost
import PawlModel
import Testing

@testable import PawlSimulator

/// A plan goes on only on the machine and the file systems that it was made for, forwards and back.
@Suite struct OtherHostTests {
  /// What is no longer as it was frozen.
  enum Change: CaseIterable {
    case otherSource, otherFileSystem, nothingMounted, otherMachine, noMachineID

    var complaint: String {
      switch self {
      case .otherSource: "expected ext4 disk/boot, found ext4 disk/clone"
      case .otherFileSystem: "expected ext4 disk/boot, found vfat disk/boot"
      case .nothingMounted: "expected ext4 disk/boot, found nothing"
      case .otherMachine: "its machine id is 9999, the plan's is 3f1c"
      case .noMachineID: "its machine id is missing, the plan's is 3f1c"
      }
    }
  }

  private final class ChangedHost: MutantHost {
    var change: Change?

    override func machineID(root: String) -> String? {
      switch change {
      case .otherMachine: "9999"
      case .noMachineID: nil
      case .otherSource, .otherFileSystem, .nothingMounted, nil: super.machineID(root: root)
      }
    }

    override func mount(of path: String) -> MountFact? {
      guard path == "/boot" else { return super.mount(of: path) }
      switch change {
      case .otherSource: return MountFact(path: path, fileSystem: "ext4", source: "disk/clone")
      case .otherFileSystem: return MountFact(path: path, fileSystem: "vfat", source: "disk/boot")
      case .nothingMounted: return nil
      case .otherMachine, .noMachineID, nil: return super.mount(of: path)
      }
    }
  }

  private let world: World
  private let host: ChangedHost
  private let journal: SimulatedJournal

  init() throws {
    var builder = PlanBuilder()
    for (id, path) in [("one", "/etc/a"), ("two", "/boot/b")] {
      builder.add(
        FrozenStep(
          id: StepID(id), label: id, action: .writeFile(path: path, content: id, mode: 0o644),
          risk: .low, runsAs: .root, interrupted: .retry))
    }
    world = World(scenario: builder.scenario("other"), schedule: Schedule(), seed: 0)
    world.watchers = []
    host = ChangedHost(SimulatedHost(world: world))
    journal = SimulatedJournal(world: world)
    _ = try journal.createPlan(world.scenario.plan, by: .person, at: world.stamp)
  }

  private func record() throws -> PlanRecord { try #require(try journal.plan(World.planID)) }

  private func run() throws -> PlanRecord {
    try Runner(
      plan: World.planID,
      context: RunnerContext(
        journal: journal, host: host, actor: .runner, spoolFolder: "/var/lib/pawl/spool",
        limits: Simulation.limits)
    ).run()
  }

  private func approve(_ id: StepID) throws {
    let digest = try #require(try record().step(id)).digest
    let approval = StepChange(.approve, approval: Approval(digest: digest, given: "digest"))
    try add(Entry(plan: World.planID, step: id, .step(approval)))
  }

  private func ask(_ request: ControlRequest) throws {
    try add(Entry(plan: World.planID, .control(request)))
  }

  private func add(_ entry: Entry) throws {
    try journal.append([entry], by: .person, at: world.stamp)
  }

  /// The first step is done, the second approved; then the host is another.
  private func becomeOther(_ change: Change) throws {
    try approve("one")
    try #require(try run().state == .waiting(.approval))
    try approve("two")
    host.change = change
  }

  @Test(
    "on another machine or mount a plan waits for a person, and says why",
    arguments: Change.allCases)
  func waits(_ change: Change) throws {
    try becomeOther(change)
    let plan = try run()
    #expect(plan.state == .waiting(.person))
    #expect(plan.why?.contains(change.complaint) == true, "\(plan.why ?? "no sentence")")
    #expect(plan.step("two")?.attempts == 0)
    #expect(world.disk.state(at: "/boot/b") == .absent)

    try ask(.resume)
    #expect(try run().state == .waiting(.person), "asking once more changes nothing")
    host.change = nil
    try ask(.resume)
    #expect(try run().state == .succeeded)
  }

  @Test("on another machine or mount nothing is undone either", arguments: Change.allCases)
  func keeps(_ change: Change) throws {
    try becomeOther(change)
    host.change = nil
    try #require(try run().state == .succeeded)
    host.change = change
    for _ in 1...2 {
      try ask(.rollback)
      let plan = try run()
      #expect(plan.state == .rollbackFailed)
      #expect(plan.why?.contains(change.complaint) == true, "\(plan.why ?? "no sentence")")
      #expect(world.disk.state(at: "/boot/b").digest == SHA256.hash("two".utf8))
    }
    host.change = nil
    try ask(.rollback)
    #expect(try run().state == .rolledBack)
    #expect(world.disk.state(at: "/boot/b") == .absent)
    #expect(world.disk.state(at: "/etc/a") == .absent)
  }
}
