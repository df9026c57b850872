import PawlEngine
import PawlHost
import PawlJournal
import PawlModel

/// A Pawl with one thing wrong. The simulator has to notice each of them, or it proves nothing.
public struct Mutant: CustomStringConvertible {
  public let name: String
  /// The invariant that it breaks.
  public let breaks: Int
  public var description: String { name }
  var prepare: (World) -> Void = { _ in }
  var journal: (SimulatedJournal) -> any JournalStore = { $0 }
  var host: (SimulatedHost) -> any Host = { $0 }
  var limits: Limits?

  init(_ name: String, breaks invariant: Int) {
    self.name = name
    breaks = invariant
  }

  static func journal(
    _ name: String, breaks invariant: Int, _ make: @escaping (SimulatedJournal) -> any JournalStore
  ) -> Mutant {
    var mutant = Mutant(name, breaks: invariant)
    mutant.journal = make
    return mutant
  }

  static func host(
    _ name: String, breaks invariant: Int, _ make: @escaping (SimulatedHost) -> any Host
  ) -> Mutant {
    var mutant = Mutant(name, breaks: invariant)
    mutant.host = make
    return mutant
  }

  static func world(
    _ name: String, breaks invariant: Int, _ prepare: @escaping (World) -> Void
  ) -> Mutant {
    var mutant = Mutant(name, breaks: invariant)
    mutant.prepare = prepare
    return mutant
  }

  public static var all: [Mutant] {
    ofJournals + ofGeneratedFiles + ofHosts + ofTrials + ofTheRest
  }

  private static var ofJournals: [Mutant] {
    [
      .journal("the intent is written after the act", breaks: 1) { IntentAfterAct($0) },
      .journal("an approval is made up", breaks: 2) { ForgedApproval($0) },
      .journal("the facts are ignored", breaks: 2) { IgnoredFacts($0) },
      .journal("the backup is skipped", breaks: 3) { SkippedBackup($0) },
      .journal("the bytes of a backup are forgotten", breaks: 3) { ForgottenBlob($0) },
      .journal("what forbids a retry is retried", breaks: 4) { RetriesEverything($0) },
      .journal("the interrupted is called done", breaks: 4) { CallsItDone($0) },
      .journal("a failure is not recorded", breaks: 7) { ForgetsFailures($0) },
      .journal("a failed rollback begins anew by itself", breaks: 7) { RollsBackForEver($0) },
      .journal("a row is edited", breaks: 8) { EditsARow($0) },
      .journal("a projection is edited", breaks: 8) { EditsAProjection($0) },
      .journal("an upgrade changes an old plan", breaks: 9) { UpgradesThePlan($0) },
      .journal("the plan is frozen without its undo", breaks: 9) { FreezesLess($0) },
    ]
  }

  private static var ofGeneratedFiles: [Mutant] {
    [
      .journal("a generated file is put back byte for byte", breaks: 3) { PutsBackGenerated($0) },
      .journal("a file is made anew before its sources are back", breaks: 3) {
        MakesAnewTooEarly($0)
      },
      .journal("an approval hangs on a generated file", breaks: 3) { FreezesGenerated($0) },
      .journal("the bytes of a generated file are not kept", breaks: 3) { KeepsNoGenerated($0) },
    ]
  }

  private static var ofTrials: [Mutant] {
    [
      .world("the boot menu is written over, not replaced", breaks: 5) {
        $0.writesCarelessly = true
      },
      .world("the part of a menu that is Pawl's is left as it was", breaks: 3) {
        $0.leavesMenu = true
      },
      .world("a kernel is the default before its trial", breaks: 5) { $0.promotesEarly = true },
      .world("the copies of the old kernel are left behind", breaks: 5) { $0.leavesCopies = true },
      .world("what is to be started once is not taken back", breaks: 5) { $0.keepsOneShot = true },
      .world("the loader starts a trial again and again", breaks: 7) {
        $0.loaderForgetsNothing = true
      },
    ]
  }

  private static var ofHosts: [Mutant] {
    [
      .host("what was written is not synced", breaks: 1) { NeverSyncs($0) },
      .host("a build folder is believed after a power cut", breaks: 4) { RepairsNothing($0) },
      .host("survivors are not looked for", breaks: 4) { SeesNoSurvivors($0) },
      .host("every program ended well", breaks: 4) { BelievesPrograms($0) },
      .host("the fallback is overwritten", breaks: 5) { OverwritesFallback($0) },
      .host("the expected kernel is believed to run", breaks: 6) { BelievesRelease($0) },
      .host("a new runner is believed to be a new boot", breaks: 6) { BelievesBoot($0) },
      .host("programs run as root", breaks: 10) { RunsAsRoot($0) },
      .host("programs inherit the environment", breaks: 10) { LeaksEnvironment($0) },
    ]
  }

  private static var ofTheRest: [Mutant] {
    var chain = Mutant("the hash leaves out the event before", breaks: 8)
    chain.prepare = { world in
      world.log.hash = { record in
        var alone = record
        alone.previous = .zero
        return alone.expectedHash()
      }
    }
    var output = Mutant("output is kept without a bound", breaks: 11)
    var limits = Simulation.limits
    limits.outputHead = 1 << 40
    output.limits = limits
    // Two safeguards, either of which is enough.
    var space = Mutant("a full disk is not seen", breaks: 11)
    space.host = { SeesSpace($0) }
    space.journal = { SetsNothingAside($0) }
    var blind = Mutant("files are replaced whatever stands there", breaks: 3)
    blind.prepare = { $0.comparesBeforeReplacing = false }
    return [chain, output, space, blind]
  }
}
