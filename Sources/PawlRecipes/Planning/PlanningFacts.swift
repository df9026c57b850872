import PawlModel

/// All that the host tells about itself before a plan is made. The planner reads nothing else.
public struct PlanningFacts: Sendable {
  /// `{{name}}` with one value, by name: see `FactName`.
  public var values: [String: String]
  /// `{{name}}` that stands for several arguments.
  public var lists: [String: [String]]
  public var hostName: String
  public var machineID: String?
  /// The folder the plan acts below, absolute and without links; `/` is the live system.
  public var root: String
  public var asker: Identity
  /// Whom a step with `needs_sudo` runs as; nil where the asker may not become root.
  public var rootIdentity: Identity?
  /// Whether the asker may write below `root`: then a step that stays there needs no root.
  public var rootIsWritable: Bool
  /// Whom steps without root run as, where the asker is root itself.
  public var buildIdentity: Identity?
  /// The whole environment of every child.
  public var environment: [String: String]
  public var mounts: [MountFact]
  public var runningRelease: String
  /// Steps whose risk the host's state raises, by id.
  public var raisedRisks: [StepID: Risk]
  /// What stands at an absolute path of the host.
  public var state: @Sendable (_ path: String) throws(PawlError) -> FileState

  public init(
    values: [String: String] = [:], lists: [String: [String]] = [:], hostName: String,
    machineID: String? = nil, root: String = "/", asker: Identity, rootIdentity: Identity? = nil,
    rootIsWritable: Bool = false, buildIdentity: Identity? = nil,
    environment: [String: String] = [:], mounts: [MountFact] = [], runningRelease: String = "",
    raisedRisks: [StepID: Risk] = [:],
    state: @escaping @Sendable (_ path: String) throws(PawlError) -> FileState
  ) {
    self.values = values
    self.lists = lists
    self.hostName = hostName
    self.machineID = machineID
    self.root = root
    self.asker = asker
    self.rootIdentity = rootIdentity
    self.rootIsWritable = rootIsWritable
    self.buildIdentity = buildIdentity
    self.environment = environment
    self.mounts = mounts
    self.runningRelease = runningRelease
    self.raisedRisks = raisedRisks
    self.state = state
  }

  public var isLive: Bool { root == "/" }
}
