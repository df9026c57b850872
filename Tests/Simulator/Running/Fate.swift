import PawlModel

/// What chance has in store for a seed: several crashes, and now and then somebody else.
enum Fate {
  static func schedule(seed: UInt64, steps: Int) -> Schedule {
    var dice = Dice(seed: seed ^ 0xfa7e_0000_0000)
    var schedule = Schedule()
    let span = steps * 22
    for _ in 0..<dice.within(0...4) {
      schedule.add(.crash(crash(&dice)), at: dice.within(1...span))
    }
    if dice.chance(25) {
      let request = dice.pick(from: ControlRequest.allCases) ?? .pause
      schedule.add(.control(request), at: dice.within(1...span))
    }
    while dice.chance(30) { schedule.add(.foreignEdit, at: dice.within(1...span)) }
    if dice.chance(10) { schedule.add(.editBeforePublish, at: dice.within(1...span)) }
    if dice.chance(15) { schedule.add(.diskFills, at: dice.within(1...span)) }
    if dice.chance(10) {
      schedule.add(.journalFails(times: dice.within(1...2)), at: dice.within(1...span))
    }
    if dice.chance(10) { schedule.add(.clockJumps, at: dice.within(1...span)) }
    // Of their own, so that the other fates of a seed stay what they were.
    var others = Dice(seed: seed ^ 0x6e4a_77e0)
    while others.chance(35) { schedule.add(.madeAnew, at: others.within(1...span)) }
    return schedule
  }

  private static func crash(_ dice: inout Dice) -> CrashKind {
    dice.pick(from: CrashKind.all) ?? .cut(.atRandom)
  }
}
