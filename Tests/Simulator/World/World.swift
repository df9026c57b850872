import PawlModel

/// Everything that outlives a runner: the disk, the kernel's volatile state, the processes, the
/// journal, the clocks, and what really happened. Simulated hosts and journals are handles on it.
public final class World {
  let scenario: Scenario
  var dice: Dice
  var schedule: Schedule
  var disk: SimulatedDisk
  var log = EventLog()

  // The running system.
  var boots = 1
  var release: String
  var flags: Set<String> = []
  var commandLine = "root=/dev/sda1"
  /// The entry that the loader starts at the next boot, once.
  var oneShot: String?
  /// The token of the trial that the loader began last.
  var tried: String?
  var trialBoots = 0
  /// The menu as it was read last.
  var menuRead: (digest: Digest, menu: SimulatedMenu?)?
  /// The init system was told to restart the host, in this boot.
  var isRestartAsked = false
  var processes: [RunningProcess] = []
  var spools: [String: [UInt8]] = [:]
  var samples: [String: CutoffSample] = [:]
  var wallMillis: Int64 = 1_700_000_000_000
  var bootMillis: Int64 = 5_000
  var isFull = false
  var editsNextPublish = false
  /// False in a mutant: what stands at a path is replaced unseen.
  var comparesBeforeReplacing = true
  // True in mutants, each its own.
  var writesCarelessly = false
  var promotesEarly = false
  var leavesCopies = false
  var leavesMenu = false
  var keepsOneShot = false
  var loaderForgetsNothing = false
  var journalFailures = 0
  var failedWrites = 0
  private var nextPID: Int32 = 100

  // What really happened.
  var ledger: [Mark] = []
  var consents: [Consent] = []
  var foreignEdits: [ForeignEdit] = []
  /// Generated files that somebody else made anew.
  var madeAnew = 0
  /// Where somebody wrote between the look at a file and the event of its backup.
  var raced: Set<FilePlace> = []
  var authors: [String: Author] = [:]
  /// Points at which the runner began or a step's act ended: looks older than this are stale.
  var lastSafePoint = 0
  var filledAt: Int?

  // The simulation.
  var points = 0
  var pointsOfThisLife = 0
  /// Decoding and folding every event again costs as much as the run: not every seed does.
  var foldsAgain = true
  var life = 0
  var crashes = 0
  var cuts = 0
  var watchers: [any Watcher] = []
  var violations: [Violation] = []
  var coverage = Coverage()
  var trace: Trace

  public init(scenario: Scenario, schedule: Schedule, seed: UInt64, keepsTrace: Bool = false) {
    self.scenario = scenario
    self.schedule = schedule
    dice = Dice(seed: seed)
    disk = SimulatedDisk(files: scenario.files)
    release = scenario.plan.runningRelease
    trace = Trace(keepsLines: keepsTrace)
    flags = Set(scenario.flagsAtBoot.filter { $0.value <= 1 }.keys)
    watchers = makeWatchers()
  }

  /// An empty machine with nobody to watch it.
  public static func empty() -> World {
    let scenario = Scenario(
      name: "empty", plan: Scenario.plan("empty", steps: []), files: [:], programs: [:])
    let world = World(scenario: scenario, schedule: Schedule(), seed: 0)
    world.watchers = []
    return world
  }

  var bootID: BootID { "boot-\(boots)" }

  var stamp: Stamp { Stamp(wallMillis: wallMillis, bootID: bootID, bootMillis: bootMillis) }

  func pass(millis: Int64) {
    wallMillis += millis
    bootMillis += millis
  }

  func newPID() -> Int32 {
    nextPID += 1
    return nextPID
  }

  /// The plan as the journal holds it durably.
  var record: PlanRecord? { log.plans[World.planID] }

  static let planID = PlanID(1)

  // MARK: - Judgement

  func violate(_ invariant: Int, _ sentence: String) {
    violations.append(Violation(invariant: invariant, sentence: sentence, point: points))
    trace.add("VIOLATION \(invariant): \(sentence)")
  }
}

/// A person's consent, as the person remembers it: not as the journal says.
struct Consent: Hashable {
  var step: StepID
  var digest: Digest
  /// The sequence number of the approval's event.
  var sequence: Int64
}

/// A file as one step's business.
struct FilePlace: Hashable {
  var step: StepID
  var path: String
}

/// Bytes that somebody else wrote over a file of the plan.
struct ForeignEdit: Hashable {
  var path: String
  /// nil where the file was removed.
  var digest: Digest?
  var point: Int
}

/// Who wrote what stands at a path.
enum Author: Hashable {
  case pawl(StepID?)
  case program(StepID, Purpose)
  case somebodyElse

  var step: StepID? {
    switch self {
    case .pawl(let step): step
    case .program(let step, _): step
    case .somebodyElse: nil
    }
  }
}

public struct Violation: Hashable, Sendable, CustomStringConvertible {
  public let invariant: Int
  public let sentence: String
  public let point: Int

  public var description: String {
    "invariant \(invariant) (\(Invariant.sentence(of: invariant))) at point \(point): \(sentence)"
  }
}

/// The story of a run, as lines for a person and as one number that two runs can be compared by.
struct Trace {
  let keepsLines: Bool
  private(set) var lines: [String] = []
  private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  init(keepsLines: Bool) { self.keepsLines = keepsLines }

  mutating func add(_ line: @autoclosure () -> String) {
    if keepsLines { lines.append(line()) }
  }

  mutating func mix(_ text: String) {
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}
