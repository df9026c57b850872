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

  static func exhaustive(stride: Int) -> Bool {
    do {
      var good = true
      for plan in try Exhaustive.shipped(rollsBack: true) {
        good = show(plan.singleCrashes(), "\(plan.name) and its rollback, one crash") && good
      }
      for plan in try Exhaustive.trials() {
        good = show(plan.singleCrashes(), "\(plan.name), one crash") && good
        good = show(plan.madeAnewEverywhere(), "\(plan.name), menu made anew") && good
      }
      for plan in try Exhaustive.trials(rollsBack: true) where plan.isKept {
        good = show(plan.singleCrashes(), "\(plan.name) and its rollback, one crash") && good
      }
      for plan in try Exhaustive.shipped() + Exhaustive.trials() {
        // Of a small plan every pair of instants; of a large one every so many first ones.
        let pace = plan.isSmall ? 1 : stride
        let double = plan.doubleCrashes(stride: pace)
        good = show(double, "\(plan.name), two crashes, every \(pace). first") && good
      }
      return good
    } catch {
      print(error)
      return false
    }
  }

  private static func show(_ result: Exhaustive.Result, _ what: String) -> Bool {
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
