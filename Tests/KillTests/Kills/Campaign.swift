import Foundation
import PawlModel
import Testing

/// Plans of forty steps whose runners are killed over and over; each plan is brought to its end
/// by nothing but resuming and what a person may have to settle, and then audited.
struct Campaign {
  let place: Workplace
  private var dice: Dice
  private(set) var kills = (sweep: 0, random: 0)
  private(set) var landings: [Landing: Int] = [:]
  private(set) var plans = 0
  private(set) var settlements = 0
  private var shots = 0
  private var swept = 0

  init(seed: UInt64) throws {
    place = try Workplace()
    dice = Dice(seed: seed)
  }

  var isDone: Bool {
    kills.sweep >= 100 && kills.random >= 100
      && Landing.allCases.allSatisfy { landings[$0, default: 0] >= 5 || $0 == .recovery }
  }

  /// Bounded: a sweep that cannot reach a phase fails rather than going on for ever.
  mutating func run() throws {
    while !isDone, shots < 800 { try wearDownOnePlan() }
  }

  private mutating func wearDownOnePlan() throws {
    plans += 1
    let id = try place.plan(steps())
    for aim in Aim.edges where !isDone { try shoot(id, aim) }
    while try place.record(id).state != .succeeded {
      if try settle(id) { continue }
      guard !isDone, shots < 800 else {
        let (status, _, errors) = try place.run(["resume", "\(id)"])
        try #require([0, 3, 5].contains(status), "resume exits \(status): \(errors)")
        continue
      }
      try shootOnce(id)
    }
    try Audit(id, in: place).check()
    let verdict = try place.run(["history", "verify"])
    #expect(verdict.status == 0, "\(verdict.output)")
  }

  /// A quarter looks at the ledger, a quarter asks, the others may be repeated. Four are long
  /// enough to be still at work when the next runner comes.
  private func steps() -> [StepText] {
    (0..<40).map { index in
      var step = StepText(id: "s\(index)-\(plans)", until: "0.02", interrupted: "retry")
      if index % 4 == 1 { step.interrupted = "ask" }
      if index % 4 == 3 {
        step.interrupted = "check"
        step.check = "[grep, -q, \"^end \(step.id) \", {{here}}/ledger]"
      }
      if [5, 10, 15, 30].contains(index) { step.until = "0.5" }
      if index == 20 { step.effects = "durable" }
      return step
    }
  }

  // MARK: Killing

  private mutating func shootOnce(_ id: PlanID) throws {
    // Only `resume` takes up a plan that a person has settled.
    let waits = try place.record(id).state == .waiting(.person)
    if !waits, kills.sweep <= kills.random {
      swept += 1
      try shoot(id, Aim.sweep[swept % Aim.sweep.count])
    } else {
      try shoot(id, nil)
    }
  }

  /// At the aim, or at a random instant. A kill counts if a live runner died with its plan
  /// unfinished.
  private mutating func shoot(_ id: PlanID, _ aim: Aim?) throws {
    shots += 1
    let sequence = try place.record(id).sequence
    let delay = UInt32.random(in: 0..<150_000, using: &dice)
    let lines =
      if let aim { try Shot.sweep(aim, id, in: place) } else {
        try Shot.random(after: delay, id, in: place)
      }
    let after = try place.record(id)
    try #require(after.state != .failed, "\(after.why ?? "")")
    guard let lines, !after.state.isSettled else { return }
    landings[Landing(after, lines, since: sequence), default: 0] += 1
    if aim == nil { kills.random += 1 } else { kills.sweep += 1 }
  }

  // MARK: Settling

  /// Does what a person has to, and makes sure that Pawl had to ask. False where nobody is asked.
  private mutating func settle(_ id: PlanID) throws -> Bool {
    let plan = try place.record(id)
    let interrupted = plan.steps.first { $0.state == .interrupted }
    switch (plan.state, interrupted) {
    case (.waiting(.person), let step?):
      try #require(step.frozen.interrupted == .ask, "\(plan.why ?? "")")
      let isDone = place.ledger.has(.end, step.id.name)
      try resolve(step, of: id, isDone: isDone)
    case (.waiting(.approval), let step?):
      try #require(step.frozen.interrupted == .check, "\(plan.why ?? "")")
      try #require(!place.ledger.has(.end, step.id.name), "\(step.id) is done; its check says no")
      try resolve(step, of: id, isDone: false)
    case (.waiting(.person), nil), (.waiting(.approval), nil), (.running, _), (.planned, _):
      return false
    default:
      try #require(Bool(false), "plan \(id) is \(plan.state): \(plan.why ?? "")")
    }
    return true
  }

  private mutating func resolve(_ step: StepRecord, of id: PlanID, isDone: Bool) throws {
    settlements += 1
    if isDone {
      try place.pawl("resolve", "\(id)", "--step", step.id.name, "done")
    } else {
      try place.pawl(
        "resolve", "\(id)", "--step", step.id.name, "retry", "--digest", step.digest.hex)
    }
  }
}
