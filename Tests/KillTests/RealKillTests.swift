import Foundation
import Testing

@Suite(.serialized) struct RealKillTests {
  /// The same seed makes the same choices; where they land depends on the machine.
  private static var seed: UInt64 {
    ProcessInfo.processInfo.environment["PAWL_SEED"].flatMap { UInt64($0) }
      ?? UInt64.random(in: 1...UInt64(UInt32.max))
  }

  @Test(
    "two hundred killed runners lose no step, repeat none that may not be, and begin none unapproved",
    .timeLimit(.minutes(40)))
  func twoHundredKills() throws {
    try requireStrace()
    let seed = Self.seed
    let begin = Date()
    print("real kills: seed \(seed) (PAWL_SEED=\(seed) makes the same choices)")
    var campaign = try Campaign(seed: seed)
    defer { report(campaign, seconds: Int(Date().timeIntervalSince(begin))) }
    try campaign.run()
    #expect(campaign.kills.sweep >= 100 && campaign.kills.random >= 100)
    for landing in Landing.allCases where landing != .recovery {
      #expect(campaign.landings[landing, default: 0] >= 5, "\(landing.rawValue)")
    }
  }

  private func report(_ campaign: Campaign, seconds: Int) {
    let kills = campaign.kills
    print(
      "real kills: \(kills.sweep + kills.random) (\(kills.sweep) by sweep, \(kills.random) at "
        + "random instants) in \(campaign.plans) plans of 40 steps, \(campaign.settlements) "
        + "settled by a person, \(seconds) s")
    for landing in Landing.allCases {
      print("real kills: \(campaign.landings[landing, default: 0])  \(landing.rawValue)")
    }
  }
}
