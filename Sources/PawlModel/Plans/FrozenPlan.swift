/// One step, resolved for this host: exact arguments, exact bytes, exact facts.
public struct FrozenStep: Codable, Sendable, Hashable {
  public var id: StepID
  public var label: String
  public var action: Action
  public var risk: Risk
  /// Whether the recipe asks for root. `runsAs` is what that came to.
  public var needsRoot: Bool
  public var runsAs: Identity
  /// Exit 0 means that the step's effect is there.
  public var check: Command?
  public var undo: Command?
  public var timeoutSeconds: Int
  public var effects: Effects
  public var interrupted: InterruptedPolicy
  /// Paths that a command will change, besides the action's own.
  public var backups: [String]
  /// Paths that its program and its undo make anew from something else, a boot menu say: their
  /// bytes are kept like those of backups, but others may make them anew meanwhile, so that undo
  /// does not put the bytes back: it runs the undo program once the backups are restored. nil
  /// in plans that are older than this.
  public var generated: [String]?
  /// Paths that the step makes and later steps use; listed and hashed at success.
  public var outputs: [String]
  public var facts: [Fact]
  /// Earlier steps whose product this one uses: their digests are part of this one's.
  public var uses: [StepID]

  public init(
    id: StepID, label: String, action: Action, risk: Risk, needsRoot: Bool = false,
    runsAs: Identity, check: Command? = nil, undo: Command? = nil, timeoutSeconds: Int = 3600,
    effects: Effects = .durable, interrupted: InterruptedPolicy = .ask, backups: [String] = [],
    outputs: [String] = [], facts: [Fact] = [], uses: [StepID] = []
  ) {
    self.id = id
    self.label = label
    self.action = action
    self.risk = risk
    self.needsRoot = needsRoot
    self.runsAs = runsAs
    self.check = check
    self.undo = undo
    self.timeoutSeconds = timeoutSeconds
    self.effects = effects
    self.interrupted = interrupted
    self.backups = backups
    self.outputs = outputs
    self.facts = facts
    self.uses = uses
  }

  /// Every file whose state before the step belongs in the journal.
  public var pathsToBackUp: [String] {
    var seen: Set<String> = []
    return (action.editedPaths + backups + (generated ?? [])).filter { seen.insert($0).inserted }
  }
}

/// A recipe resolved for this host. What is in here is all that a plan ever runs from: a later
/// Pawl with other recipes changes nothing about it.
public struct FrozenPlan: Codable, Sendable, Hashable {
  public var recipe: String
  public var summary: String
  /// What gets the host back, in words for a person.
  public var rollback: String
  public var parameters: [String: String]
  public var hostName: String
  /// `/etc/machine-id` of the root; nil where there is none.
  public var machineID: String?
  /// The folder the plan acts below; `/` is the live system.
  public var root: String
  public var asker: Identity
  /// The whole environment of every child, before a command's own additions.
  public var environment: [String: String]
  public var mounts: [MountFact]
  public var runningRelease: String
  /// The release that a kernel plan installs.
  public var newRelease: String?
  /// Modules and options that the plan is about, for `pawl history list`.
  public var modules: [String]
  public var options: [String]
  public var steps: [FrozenStep]

  public init(
    recipe: String, summary: String, rollback: String, parameters: [String: String] = [:],
    hostName: String, machineID: String? = nil, root: String = "/", asker: Identity,
    environment: [String: String] = [:], mounts: [MountFact] = [], runningRelease: String = "",
    newRelease: String? = nil, modules: [String] = [], options: [String] = [], steps: [FrozenStep]
  ) {
    self.recipe = recipe
    self.summary = summary
    self.rollback = rollback
    self.parameters = parameters
    self.hostName = hostName
    self.machineID = machineID
    self.root = root
    self.asker = asker
    self.environment = environment
    self.mounts = mounts
    self.runningRelease = runningRelease
    self.newRelease = newRelease
    self.modules = modules
    self.options = options
    self.steps = steps
  }

  public var highestRisk: Risk { steps.map(\.risk).max() ?? .low }
}
