import PawlModel

/// Crashes one plan at every instant there is, in every way there is.
public struct Exhaustive {
  private var scenario: Scenario
  /// Folding every event again takes longer than the run.
  private var foldsEvery = 1

  /// The person is agreeable here: what is swept is the crash, not the mood.
  init(_ scenario: Scenario, rollsBack: Bool = false) {
    self.scenario = scenario
    self.scenario.person = .agreeable
    if rollsBack { self.scenario.person.rollsBackSuccess = 100 }
  }

  mutating func mood(_ change: (inout Temper) -> Void) { change(&scenario.person) }

  /// One for each shipped recipe.
  public static func shipped(rollsBack: Bool = false) throws -> [Exhaustive] {
    try shippedScenarios().map { Exhaustive($0, rollsBack: rollsBack) }
  }

  /// The shipped plans that try a kernel, once for each fate of that kernel.
  public static func trials(rollsBack: Bool = false) throws -> [Exhaustive] {
    try trialScenarios().map { scenario in
      var plan = Exhaustive(scenario, rollsBack: rollsBack)
      plan.foldsEvery = 8
      return plan
    }
  }

  /// Those of them whose pairs of crashes show something new.
  public static func trialsCrashedTwice() throws -> [Exhaustive] {
    try trials().filter { $0.scenario.plan.recipe == "kernel-install" }
      .filter { [.works, .comesUpUnwell].contains($0.scenario.trialKernel) }
  }

  public var name: String { scenario.name }

  /// The plan comes to its end; others roll back by themselves.
  public var isKept: Bool { scenario.trialKernel == .works }

  /// Every pair of crashes is a matter of seconds.
  public var isSmall: Bool { scenario.plan.steps.count < 6 }

  /// How one run failed, and how to have it again.
  public struct Failure: Sendable, CustomStringConvertible {
    public let what: String
    public let violations: [Violation]

    public var description: String { "\(what): \(violations.map(\.description))" }
  }

  public struct Result: Sendable {
    public var points = 0
    public var runs = 0
    public var failures: [Failure] = []
    public var coverage = Coverage()

    mutating func add(_ other: Result) {
      runs += other.runs
      failures += other.failures
      coverage.add(other.coverage)
    }
  }

  /// With nothing that goes wrong, told line by line.
  public func story() -> Report {
    Simulation(scenario: scenario, schedule: Schedule(), seed: 1, keepsTrace: true).run()
  }

  /// Every instant, every kind of crash, once. `stride` above 1 takes only every so many instants.
  public func singleCrashes(stride step: Int = 1) -> Result {
    var result = Result()
    result.points = run(Schedule(), "no crash", &result).points
    for point in Swift.stride(from: 1, through: max(1, result.points), by: step) {
      for kind in CrashKind.all {
        _ = run(Schedule(point, .crash(kind)), "\(kind) at \(point)", &result)
      }
    }
    return result
  }

  /// A second crash at every instant of the recovery from the first, and of what follows it.
  /// `stride` above 1 takes only every so many instants of the first.
  public func doubleCrashes(stride step: Int = 1) -> Result {
    var result = Result()
    result.points = run(Schedule(), "no crash", &result).points
    let second: [CrashKind] = [.kill(.finishes), .cut(.atRandom)]
    for first in Swift.stride(from: 1, through: result.points, by: step) {
      for kind in second {
        let once = Schedule(first, .crash(kind))
        let end = run(once, "\(kind) at \(first)", &result).points
        for point in (first + 1)...max(first + 1, end) {
          for again in second {
            let what = "\(kind) at \(first), \(again) at \(point)"
            _ = run(once.adding(.crash(again), at: point), what, &result)
          }
        }
      }
    }
    return result
  }

  /// Somebody makes the boot menu anew at every instant, alone and with a crash right after.
  public func madeAnewEverywhere() -> Result {
    var result = everywhere(.madeAnew)
    result.add(everywhere(.madeAnew, .crash(.kill(.finishes))))
    result.add(everywhere(.madeAnew, .crash(.cut(.atRandom))))
    return result
  }

  /// Something else than a crash, at every instant there is.
  func everywhere(_ happenings: Happening..., seed: UInt64 = 1) -> Result {
    var result = Result()
    result.points = run(Schedule(), "nothing", &result, seed: seed).points
    for point in 1...max(1, result.points) {
      var schedule = Schedule()
      for happening in happenings { schedule.add(happening, at: point) }
      _ = run(schedule, "\(happenings) at \(point)", &result, seed: seed)
    }
    return result
  }

  private func run(
    _ schedule: Schedule, _ what: String, _ result: inout Result, seed: UInt64 = 1
  ) -> Report {
    let report = Simulation(
      scenario: scenario, schedule: schedule, seed: seed,
      foldsAgain: result.runs.isMultiple(of: foldsEvery)
    ).run()
    result.runs += 1
    result.coverage.add(report.coverage)
    if !report.violations.isEmpty {
      result.failures.append(
        Failure(what: "\(scenario.name), \(what)", violations: report.violations))
    }
    return report
  }
}

extension Temper {
  static let agreeable = Temper(
    approvesAllAtOnce: 100, refuses: 0, mistypesDigest: 0, rollsBackSuccess: 0,
    retriesFailure: 100, resumesPause: 100, restartsIntoOther: 0, runsBeforeRestart: 0,
    hasWhims: false)
}
