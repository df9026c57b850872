import PawlHost
import PawlModel
import Testing

@testable import PawlSimulator

/// A build on a host that sleeps, or whose wall clock is set.
@Suite struct ClockTests {
  /// Runs the program of the test's own ticks.
  private final class Clocked: MutantHost {
    struct Moment {
      /// Of the child, time asleep excluded.
      var millis: Int64
      var slept: Int64 = 0
      var wallShift: Int64 = 0
    }

    var moments: [Moment] = []
    private var present = Moment(millis: 0)

    override func now() -> Stamp {
      var stamp = inner.now()
      stamp.bootMillis += present.millis + present.slept
      stamp.wallMillis += present.millis + present.slept + present.wallShift
      return stamp
    }

    override func openBuild(at folder: String, as identity: Identity) throws -> Int64 {
      now().wallMillis * 1_000_000
    }

    override func earliestStart(inGroup group: Int32) -> Int64 { now().wallMillis * 1_000_000 }

    override func run(
      _ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective
    ) throws -> ExitReport {
      for moment in moments {
        present = moment
        _ = try watch(
          ProcessTick(output: [], skipped: 0, millis: moment.millis, hasEnded: false, group: 1))
      }
      return ExitReport(.exited(0), millis: present.millis)
    }
  }

  private func build(_ moments: [Clocked.Moment]) throws -> (PlanRecord, [Checkpoint], [String]) {
    let build = try SimulatedBuild(in: "/home/ada/o")
    let host = Clocked(SimulatedHost(world: build.world))
    host.moments = moments
    let record = try build.run(on: host)
    var checkpoints: [Checkpoint] = []
    var notes: [String] = []
    for row in build.world.log.records {
      guard let kind = EventKind(rawValue: row.kind) else { continue }
      switch try EventBody(kind: kind, payload: row.payload) {
      case .checkpoint(let checkpoint): checkpoints.append(checkpoint)
      case .note(let note): notes.append(note.text)
      default: break
      }
    }
    return (record, checkpoints, notes)
  }

  @Test("hours asleep count neither as build time nor against a timeout, and are told")
  func sleep() throws {
    let night: Int64 = 9 * 3_600_000
    let (record, checkpoints, notes) = try build([
      .init(millis: 0), .init(millis: 11_000), .init(millis: 11_100, slept: night),
      .init(millis: 22_000, slept: night),
    ])
    #expect(record.state == .succeeded)
    #expect(checkpoints.last?.millis == 22_000)
    let asleep = try #require(checkpoints.last?.asleepMillis)
    #expect(abs(asleep - night) < 1000)
    #expect(notes.contains { $0.contains("slept for 32400 seconds") })
  }

  @Test("a host that stays awake is told nothing of sleep")
  func awake() throws {
    let (_, checkpoints, notes) = try build([
      .init(millis: 0), .init(millis: 11_000), .init(millis: 22_000),
    ])
    #expect(checkpoints.count == 2)
    #expect(checkpoints.last?.asleepMillis == nil)
    #expect(!notes.contains { $0.contains("slept") })
  }

  /// What was written under the clock before must not look older than a checkpoint of the new one.
  @Test(
    "a wall clock that is set ends the epoch: a checkpoint at once, with no later cutoff",
    arguments: [-365 * 86_400_000, 86_400_000] as [Int64])
  func clockSet(_ shift: Int64) throws {
    let (record, checkpoints, _) = try build([
      .init(millis: 0), .init(millis: 11_000), .init(millis: 11_100, wallShift: shift),
      .init(millis: 11_200, wallShift: shift), .init(millis: 22_000, wallShift: shift),
    ])
    #expect(record.state == .succeeded)
    try #require(checkpoints.count == 3)
    let cutoffs = checkpoints.compactMap(\.cutoff)
    #expect(checkpoints[1].millis == 11_100)
    #expect(cutoffs[1] <= cutoffs[0])
    #expect(shift > 0 ? cutoffs[2] > cutoffs[0] : cutoffs[2] < cutoffs[0])
  }
}
