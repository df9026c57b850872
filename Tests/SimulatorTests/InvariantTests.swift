import PawlSimulator
import Testing

@Suite("Whatever happens, the eleven invariants hold")
struct InvariantTests {
  @Test("shipped recipes survive every crash at every instant", arguments: [0, 1])
  func shippedPlansSurvive(_ index: Int) throws {
    let plan = try Exhaustive.shipped()[index]
    let result = plan.singleCrashes()
    #expect(result.points > 20)
    #expect(result.failures.isEmpty, "\(result.failures.prefix(3).map(\.description))")
  }

  /// Every instant is swept by `simulate --exhaustive`.
  @Test("plans that try a kernel survive crashes, whatever becomes of the kernel", arguments: 0..<8)
  func trialsSurvive(_ index: Int) throws {
    let undisturbed = try Exhaustive.trials()[index]
    // A sweep that never comes to the trial would prove nothing of it.
    #expect(undisturbed.story().state == (undisturbed.isKept ? "succeeded" : "rolled-back"))
    let plan = try Exhaustive.trials(rollsBack: index.isMultiple(of: 2))[index]
    let result = plan.singleCrashes(stride: 23)
    #expect(result.points > 200)
    #expect(result.failures.isEmpty, "\(result.failures.prefix(3).map(\.description))")
  }

  @Test("module-load survives a second crash during its recovery")
  func secondCrash() throws {
    let result = try Exhaustive.shipped()[0].doubleCrashes(stride: 10)
    #expect(result.failures.isEmpty, "\(result.failures.prefix(3).map(\.description))")
  }

  @Test("generated plans survive generated fates")
  func seedsSurvive() {
    for seed in UInt64(1)...200 {
      let report = Simulation(seed: seed).run()
      #expect(report.violations.isEmpty, "seed \(seed): \(report.violations.map(\.description))")
    }
  }

  /// Each of these once ended in a violation of the engine's own making.
  @Test(
    "seeds that found a fault stay clean",
    arguments: [
      3, 15, 36, 53, 61, 125, 128, 146, 215, 219, 283, 563, 693, 709, 1003, 1232, 1386, 2642, 2843,
      2893,
      4257,
      4857, 4876, 6232, 8138, 10985, 11904, 12706, 13775, 43906, 45186, 56443, 61846, 77419,
    ])
  func oldFaultsStayAway(_ seed: UInt64) {
    let report = Simulation(seed: seed).run()
    #expect(report.violations.isEmpty, "\(report.violations.map(\.description))")
  }

  @Test("the same seed tells the same story, and another seed another one")
  func isDeterministic() {
    for seed in UInt64(1)...40 {
      let first = Simulation(seed: seed, keepsTrace: true).run()
      let second = Simulation(seed: seed, keepsTrace: true).run()
      #expect(first.traceHash == second.traceHash)
      #expect(first.lines == second.lines)
    }
    let stories = Set((UInt64(1)...40).map { Simulation(seed: $0).run().traceHash })
    #expect(stories.count == 40)
  }
}
