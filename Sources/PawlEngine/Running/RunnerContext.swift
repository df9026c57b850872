import PawlHost
import PawlJournal
import PawlModel

/// What a runner works with. All effects go through `journal` and `host`.
public struct RunnerContext {
  public var journal: any JournalStore
  public var host: any Host
  public var actor: Actor
  /// The folder for the output of running attempts, beside the journal.
  public var spoolFolder: String
  public var limits: Limits
  /// False where somebody else restarts the host: the plan then only stops for it.
  public var restartsHost = true
  /// Why nobody would look after a kernel on trial once it runs; nil where the boot hook is in place.
  public var hookFault: () -> String? = { nil }
  /// True in the boot hook: nobody is there who could see what happens.
  public var isUnattended = false
  /// The host went down while the plan was at work.
  public var isUnplannedBoot = false
  /// Who is logged in when a restart begins; nobody where nobody was asked.
  public var restartCompany: () -> RestartCompany = { RestartCompany(people: []) }
  /// Waits for package managers, and says which one is still at work: then nothing is restarted.
  public var awaitPackageWork: () -> String? = { nil }
  /// Says why a kernel option did not stick; nil where the tree gives no reason.
  public var explainOption: (DroppedOption) -> String?
  /// Says what the last words of a program that failed mean on this host; nil where nothing tells.
  public var explainFailure: (_ command: Command, _ words: String) -> String? = { _, _ in nil }
  /// Says how many objects a build will make; nil where nothing tells.
  public var forecastBuild: (PlanRecord, StepRecord, Command) -> BuildForecast?

  public init(
    journal: any JournalStore, host: any Host, actor: Actor, spoolFolder: String,
    limits: Limits = Limits(), explainOption: @escaping (DroppedOption) -> String? = { _ in nil },
    forecastBuild: @escaping (PlanRecord, StepRecord, Command) -> BuildForecast? = { _, _, _ in nil
    }
  ) {
    self.journal = journal
    self.host = host
    self.actor = actor
    self.spoolFolder = spoolFolder
    self.limits = limits
    self.explainOption = explainOption
    self.forecastBuild = forecastBuild
  }
}

/// How many objects a build will make, and what says so.
public struct BuildForecast: Sendable, Hashable {
  public var objects: Int
  /// `tree` or `earlier-build`.
  public var basis: String

  public init(objects: Int, basis: String) {
    self.objects = objects
    self.basis = basis
  }
}

extension RunnerContext {
  /// Whom Pawl itself reads backups and writes the rescue card as: root, or where the runner is
  /// not root, the one user whose files the plan can touch at all.
  func keeper(of plan: PlanRecord) -> Identity { actor.uid == 0 ? .root : plan.frozen.asker }
}

/// A kernel option that `olddefconfig` did not keep as it was asked for.
public struct DroppedOption: Sendable, Hashable {
  /// Without `CONFIG_`.
  public var symbol: String
  public var asked: String
  /// `n` also where the symbol is not mentioned at all.
  public var got: String
  /// The kernel tree and the configuration that came out.
  public var source: String
  public var config: [UInt8]
}

/// Everything is bounded; these are the bounds of a runner.
public struct Limits: Sendable, Hashable {
  /// Output kept from the beginning of an attempt, bytes before compression.
  public var outputHead: Int64 = 8 << 20
  /// Output kept from its end, where there was more than the head.
  public var outputTail = 512 << 10
  /// Space that must be free on the journal's file system before a step begins, bytes.
  public var journalReserve: Int64 = 32 << 20
  /// How long a survivor that must not be killed is waited for, seconds.
  public var survivorWait = 3600
  /// Time between two progress records of a build, milliseconds.
  public var checkpointInterval: Int64 = 10_000
  /// The least time between two transactions of output, milliseconds.
  public var outputInterval: Int64 = 250

  public init() {}
}
