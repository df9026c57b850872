import PawlHost
import PawlModel
import PawlRecipes

/// Makes a frozen plan from a recipe: gathers what the recipe's planner wants to know of this
/// host, by looking only, and refuses before anything is recorded.
public struct PlanFactory {
  public struct Request: Sendable {
    public var recipe: Recipe
    public var settings: [String: String]
    /// Absolute and without links; `/` is the live system.
    public var root: String
    public var asker: Identity
    /// Whom builds run as where root itself asked.
    public var builder: Identity
    public var mayBecomeRoot: Bool
    /// The path of this program, for the steps that Pawl performs in a process of its own.
    public var program: String
    public var journal: String

    public init(
      recipe: Recipe, settings: [String: String], root: String, asker: Identity,
      builder: Identity, mayBecomeRoot: Bool, program: String, journal: String
    ) {
      self.recipe = recipe
      self.settings = settings
      self.root = root
      self.asker = asker
      self.builder = builder
      self.mayBecomeRoot = mayBecomeRoot
      self.program = program
      self.journal = journal
    }
  }

  private let host: LiveHost

  public init(host: LiveHost) { self.host = host }

  public func plan(_ request: Request) throws -> FrozenPlan {
    let settled = try RecipePlanner.settledParameters(
      of: request.recipe, settings: request.settings)
    let detection = HostDetection(root: HostRoot(path: request.root))
    let facts = try FactGatherer(
      host: host, request: request, parameters: settled, detection: detection)
    return try RecipePlanner.plan(
      recipe: request.recipe, settings: request.settings,
      facts: PlanningFacts(
        values: try facts.values(), lists: try facts.lists(),
        hostName: detection.identity.name ?? HostIdentity.detect(root: .live).name ?? "localhost",
        machineID: host.machineID(root: request.root), root: request.root, asker: request.asker,
        rootIdentity: request.mayBecomeRoot ? .root : nil,
        rootIsWritable: facts.rootIsWritable,
        buildIdentity: request.asker.isRoot ? request.builder : nil,
        environment: Self.environment, mounts: facts.mounts(),
        runningRelease: host.runningRelease(), raisedRisks: facts.raisedRisks, state: facts.state))
  }

  /// All that a child ever gets, besides HOME, USER and what its own step adds.
  private static let environment = [
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C", "TZ": "UTC", "TERM": "dumb", "DEBIAN_FRONTEND": "noninteractive",
  ]
}
