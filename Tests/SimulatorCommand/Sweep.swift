import Foundation
import PawlSimulator

/// The jobs of the command, each with its figures on standard output.
enum Sweep {
  /// Runs one seed and prints its story.
  static func one(seed: UInt64) -> Int32 {
    let report = Simulation(seed: seed, keepsTrace: true).run()
    report.lines.forEach { print($0) }
    print("seed \(seed): \(report.state), \(report.points) points, \(report.crashes) crashes")
    report.violations.forEach { print("VIOLATION \($0)") }
    return report.violations.isEmpty ? 0 : 1
  }

  /// What becomes of the plans of that name where nothing goes wrong.
  static func story(of name: String) -> Int32 {
    do {
      for plan in try Exhaustive.shipped() + Exhaustive.trials() where plan.name.hasPrefix(name) {
        let report = plan.story()
        report.lines.forEach { print($0) }
        print("\(plan.name): \(report.state), \(report.points) points")
      }
      return 0
    } catch {
      print(error)
      return 1
    }
  }

  static func seeds(_ count: Int, from first: UInt64) -> Bool {
    let clock = ContinuousClock()
    let start = clock.now
    var coverage = Coverage()
    var totals = Totals()
    for seed in first..<(first + UInt64(count)) {
      let report = Simulation(seed: seed).run()
      totals.add(report)
      coverage.add(report.coverage)
      guard report.violations.isEmpty else {
        print("seed \(seed) breaks: \(report.violations[0])")
        print("again: simulate --seed \(seed)")
        totals.broken += 1
        guard totals.broken < 10 else { break }
        continue
      }
    }
    let seconds = (clock.now - start) / .seconds(1)
    print(totals.sentence(seconds: seconds))
    return show(coverage) && totals.broken == 0
  }

  /// The first seed that notices each mutant.
  static func mutants(seeds: Int) -> Bool {
    var good = true
    for mutant in Mutant.all {
      let seed = (1...UInt64(seeds)).first { seed in
        Simulation(seed: seed, mutant: mutant).run().violations.contains {
          $0.invariant == mutant.breaks
        }
      }
      print("\(seed.map { "seed \($0)" } ?? "never")\t\(mutant.name) (invariant \(mutant.breaks))")
      good = good && seed != nil
    }
    return good
  }

  private static func show(_ coverage: Coverage) -> Bool {
    for line in coverage.table { print("  \(line.count)\t\(line.name)") }
    coverage.missing.forEach { print("never reached: \($0)") }
    return coverage.missing.isEmpty
  }

  /// `only`: how the names of the plans begin that are swept; all where it is empty.
  static func exhaustive(stride: Int, only: String) -> Bool {
    let sweep = PlanSweep(only: only, stride: stride)
    do {
      let shipped = try sweep.shippedPlans()
      let trials = try sweep.trials()
      let pairs = try sweep.pairs()
      return shipped && trials && pairs
    } catch {
      print(error)
      return false
    }
  }
}

/// The shipped plans, crashed at every instant.
private struct PlanSweep {
  var only: String
  var stride: Int

  func shippedPlans() throws -> Bool {
    each(try Exhaustive.shipped(rollsBack: true)) { plan in
      show(plan.singleCrashes(), "\(plan.name) and its rollback, one crash")
    }
  }

  func trials() throws -> Bool {
    let forwards = each(try Exhaustive.trials()) { plan in
      let crashed = show(plan.singleCrashes(), "\(plan.name), one crash")
      return show(plan.madeAnewEverywhere(), "\(plan.name), menu made anew") && crashed
    }
    let back = each(try Exhaustive.trials(rollsBack: true).filter(\.isKept)) { plan in
      show(plan.singleCrashes(), "\(plan.name) and its rollback, one crash")
    }
    return forwards && back
  }

  /// Of a small plan every pair of instants; of a large one every so many first ones.
  func pairs() throws -> Bool {
    each(try Exhaustive.shipped() + Exhaustive.trialsCrashedTwice()) { plan in
      let pace = plan.isSmall ? 1 : stride
      return show(
        plan.doubleCrashes(stride: pace), "\(plan.name), two crashes, every \(pace). first")
    }
  }

  private func each(_ plans: [Exhaustive], _ sweep: (Exhaustive) -> Bool) -> Bool {
    var good = true
    for plan in plans where plan.name.hasPrefix(only) { good = sweep(plan) && good }
    return good
  }

  private func show(_ result: Exhaustive.Result, _ what: String) -> Bool {
    print("\(what): \(result.points) points, \(result.runs) runs, \(result.failures.count) broken")
    fflush(nil)
    result.failures.prefix(5).forEach { print("  \($0)") }
    return result.failures.isEmpty
  }
}

private struct Totals {
  var runs = 0
  var points = 0
  var crashes = 0
  var steps = 0
  var broken = 0
  var states: [String: Int] = [:]

  mutating func add(_ report: Report) {
    runs += 1
    points += report.points
    crashes += report.crashes
    steps += report.steps
    states[report.state, default: 0] += 1
  }

  func sentence(seconds: Double) -> String {
    let rate = seconds > 0 ? Int(Double(runs) / seconds) : runs
    let average = runs > 0 ? Double(steps * 10 / runs) / 10 : 0
    let ends = states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return "\(runs) seeds in \(Int(seconds)) s (\(rate) a second), \(average) steps each, "
      + "\(points) points, \(crashes) crashes, \(broken) broken; "
      + "at rest: \(ends.joined(separator: ", "))"
  }
}
