import PawlEngine
import PawlHost
import PawlJournal
import PawlModel

/// One run: a plan from its making until nobody does anything more, with whatever the schedule
/// has in store for it.
public struct Simulation {
  private let world: World
  private let mutant: Mutant?

  /// Small enough that programs of the simulation can exceed them.
  static let limits: Limits = {
    var limits = Limits()
    limits.outputHead = 4096
    limits.outputTail = 1024
    limits.survivorWait = 60
    return limits
  }()

  public init(
    scenario: Scenario, schedule: Schedule, seed: UInt64, mutant: Mutant? = nil,
    keepsTrace: Bool = false, foldsAgain: Bool = true
  ) {
    world = World(scenario: scenario, schedule: schedule, seed: seed, keepsTrace: keepsTrace)
    world.foldsAgain = foldsAgain
    self.mutant = mutant
    mutant?.prepare(world)
  }

  /// A generated plan and a generated fate.
  public init(seed: UInt64, mutant: Mutant? = nil, keepsTrace: Bool = false) {
    let scenario = PlanGenerator.scenario(seed: seed)
    self.init(
      scenario: scenario, schedule: Fate.schedule(seed: seed, steps: scenario.plan.steps.count),
      seed: seed, mutant: mutant, keepsTrace: keepsTrace)
    world.foldsAgain = mutant != nil || keepsTrace || seed % 8 == 0
  }

  public func run() -> Report {
    do {
      let journal = mutatedJournal(life: nil)
      _ = try journal.createPlan(world.scenario.plan, by: .person, at: world.stamp)
    } catch {
      world.violate(9, "The plan could not be frozen: \(error)")
    }
    if !settles() { world.violate(7, "The plan does not come to rest.") }
    world.watchers.forEach { $0.ended(world) }
    return Report(world)
  }

  /// True once nobody wants anything more.
  private func settles() -> Bool {
    var person = Person(world: world)
    person.approveAtFirst()
    for _ in 0..<120 {
      switch live() {
      case .crashed: continue
      case .ranTooLong: return true
      case .rests(let record): if !person.reacts(to: record) { return true }
      case .refused(let error): if !person.reacts(to: error) { return true }
      }
      if world.violations.count > 5 { return true }
    }
    return false
  }

  // MARK: - One life of a runner

  private enum Ending {
    case crashed
    case ranTooLong
    case rests(PlanRecord)
    case refused(PawlError)
  }

  private func live() -> Ending {
    world.life += 1
    world.pointsOfThisLife = 0
    world.lastSafePoint = world.points
    let life = world.life
    world.trace.add("-- runner \(life), \(world.bootID), \(world.record?.state.word ?? "?")")
    do {
      let record = try Runner(plan: World.planID, context: context(life: life)).run()
      return world.life == life ? .rests(record) : .crashed
    } catch is SimulatedCrash {
      return .crashed
    } catch is RanTooLong {
      return .ranTooLong
    } catch let error as PawlError {
      world.trace.add("  the runner ended: \(error)")
      if world.life == life { judge(error) }
      return world.life == life ? .refused(error) : .crashed
    } catch {
      world.violate(7, "The runner threw \(error).")
      return .ranTooLong
    }
  }

  /// A runner may come upon a journal that cannot be written, but never upon its own machines.
  private func judge(_ error: PawlError) {
    let isEngineFault = [.refused, .notApproved, .internalFault, .damagedJournal].contains(
      error.code)
    if isEngineFault { world.violate(7, "The runner tried what is not allowed: \(error)") }
  }

  private func context(life: Int) -> RunnerContext {
    let host = SimulatedHost(world: world, life: life)
    return RunnerContext(
      journal: mutatedJournal(life: life), host: mutant?.host(host) ?? host, actor: .runner,
      spoolFolder: "/var/lib/pawl/spool", limits: mutant?.limits ?? Simulation.limits)
  }

  private func mutatedJournal(life: Int?) -> any JournalStore {
    let journal = SimulatedJournal(world: world, life: life)
    return mutant?.journal(journal) ?? journal
  }
}

/// What came of a run.
public struct Report: Sendable {
  public let violations: [Violation]
  public let coverage: Coverage
  public let traceHash: UInt64
  public let lines: [String]
  public let points: Int
  public let crashes: Int
  public let steps: Int
  /// The state the plan rests in; empty where there is none.
  public let state: String

  init(_ world: World) {
    violations = world.violations
    coverage = world.coverage
    traceHash = world.trace.hash ^ UInt64(world.points)
    lines = world.trace.lines
    points = world.points
    crashes = world.crashes
    steps = world.scenario.plan.steps.count
    state = world.record?.state.word ?? ""
  }
}
