import PawlModel
import Testing

@testable import PawlSimulator

/// The simulated loader and the programs that write its menu do what the real ones do.
@Suite struct BootMenuTests {
  private let world: World
  private let old = Scenario.oldRelease
  private let new = Scenario.newRelease

  init() {
    var builder = PlanBuilder()
    var steps = KernelSteps(objects: 1)
    steps.trial = TrialTerms(token: "t")
    steps.add(to: &builder)
    world = World(scenario: builder.scenario("menu"), schedule: Schedule(), seed: 0)
    world.watchers = []
  }

  private func run(_ deeds: [ProgramModel.Deed]) -> Bool {
    let process = RunningProcess(
      pid: 1, token: "t", step: "s1", purpose: .act, spool: "/spool",
      model: ProgramModel(deeds: deeds), failing: false)
    while process.nextDeed != nil {
      guard world.work(process).good else { return false }
    }
    return true
  }

  private func installKernel() {
    let node = SimulatedDisk.Node(bytes: Scenario.newImage, metadata: .plain(at: 0))
    world.change("/boot/vmlinuz-\(new)", to: node, by: .pawl(nil), durably: true)
  }

  private func makeMenuAnew() -> Bool {
    run([.make(path: SimulatedMenu.path, by: .menu, carefully: true)])
  }

  @Test("without a pin a new kernel is the default as soon as the menu is made anew")
  func newestIsDefault() {
    installKernel()
    #expect(world.plainBoot == .starts(old))
    #expect(makeMenuAnew())
    #expect(world.plainBoot == .starts(new))
  }

  @Test("with a pin the old kernel stays the default, also when others make the menu anew")
  func pinHolds() {
    #expect(run(ProgramModel.Deed.pin(old)))
    installKernel()
    #expect(makeMenuAnew())
    #expect(world.plainBoot == .starts(old))
    #expect(run(ProgramModel.Deed.addTrial(new, token: "t")))
    #expect(makeMenuAnew())
    #expect(world.plainBoot == .starts(old))
    #expect(run(ProgramModel.Deed.promote(new)))
    #expect(world.plainBoot == .starts(new))
  }

  @Test("what is to be started once is started once, and the next boot is the old kernel again")
  func onceIsOnce() {
    installKernel()
    #expect(run(ProgramModel.Deed.pin(old)))
    #expect(run(ProgramModel.Deed.addTrial(new, token: "t")))
    world.oneShot = PawlEntries.trialID
    world.restart()
    #expect(world.release == new)
    #expect(world.commandLine.contains("pawl.trial=t"))
    world.restart()
    #expect(world.release == old)
    #expect(world.trialBoots == 1)
  }

  @Test("a torn menu, a torn copy and a torn new kernel start nothing")
  func tornStartsNothing() throws {
    #expect(run(ProgramModel.Deed.pin(old)))
    let paths = [SimulatedMenu.path, SimulatedEntries.copy(of: old)]
    for path in paths {
      let whole = try #require(world.disk[path])
      let torn = SimulatedDisk.Node(
        bytes: Array(whole.bytes.dropLast(3)), metadata: whole.metadata)
      world.disk.writeDurably(torn, at: path)
      guard case .stuck = world.plainBoot else {
        Issue.record("\(path) was torn, and \(world.plainBoot)")
        continue
      }
      world.disk.writeDurably(whole, at: path)
      #expect(world.plainBoot == .starts(old))
    }
  }

  @Test("an init system that was told to restart the host takes no second request")
  func refusesSecondRestart() throws {
    let host = SimulatedHost(world: world)
    try host.restart(.system, saying: "now")
    #expect(throws: PawlError.self) { try host.restart(.system, saying: "now") }
    world.restart()
    try host.restart(.system, saying: "now")
  }
}
