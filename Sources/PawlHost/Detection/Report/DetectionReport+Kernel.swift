extension DetectionReport {
  /// The kernel. The first six keys of the JSON are fixed; the others stand beside them.
  public struct Kernel: Sendable, Equatable, Codable {
    /// The release, or `unknown`.
    public var version: String
    /// How the release is known, or why it is not.
    public var versionSource: String
    /// A readable configuration was found.
    public var configAvailable: Bool
    /// Where, as a path of that system.
    @OrNull public var configPath: String?
    /// Why there is none.
    @OrNull public var configReason: String?
    /// Its header fits the release; nil where that cannot be told.
    @OrNull public var configMatchesVersion: Bool?
    /// It lay in a place that is not tied to a release.
    public var configMayBeAnotherKernel: Bool
    /// Places tried before, and why they did not serve.
    public var configTried: [Attempt]
    /// Names, sorted; empty with a reason beside it when they are not known.
    public var loadedModules: [String]
    /// Why the loaded modules are not known.
    @OrNull public var loadedModulesReason: String?
    /// What a person should know about the lists of modules.
    public var moduleNotes: [String]
    /// An answer for each module asked about, under its name with underscores.
    public var moduleCheck: [String: ModuleCheck]
    /// Nil when unreadable; empty when the kernel has none.
    @OrNull public var iommuGroups: [IOMMUGroup]?
    /// Why the groups are not known.
    @OrNull public var iommuReason: String?
    /// What keeps a device from being handed to a guest; empty where nothing does, nil where that is
    /// not known.
    @OrNull public var passthroughObstacles: [String]?

    enum CodingKeys: String, CodingKey {
      case version
      case versionSource = "version_source"
      case configAvailable = "config_available"
      case configPath = "config_path"
      case configReason = "config_reason"
      case configMatchesVersion = "config_matches_version"
      case configMayBeAnotherKernel = "config_may_be_another_kernel"
      case configTried = "config_tried"
      case loadedModules = "loaded_modules"
      case loadedModulesReason = "loaded_modules_reason"
      case moduleNotes = "module_notes"
      case moduleCheck = "module_check"
      case iommuGroups = "iommu_groups"
      case iommuReason = "iommu_reason"
      case passthroughObstacles = "passthrough_obstacles"
    }
  }

  /// A place without a configuration.
  public struct Attempt: Sendable, Equatable, Codable {
    public var path: String
    public var outcome: String

    enum CodingKeys: String, CodingKey {
      case path
      case outcome
    }
  }

  /// What is known about one module.
  public struct ModuleCheck: Sendable, Equatable, Codable {
    /// It is in `/proc/modules`.
    public var loaded: Bool
    /// A file of it exists.
    public var compiled: Bool
    /// `y`, `m`, `n`; nil where absent or unreadable, see `reason`.
    @OrNull public var configState: String?
    /// What is not known, and why.
    @OrNull public var reason: String?
    /// `loaded`, `builtin`, `available`, `missing` or `unknown`.
    public var state: String
    /// The CONFIG symbol that builds it.
    @OrNull public var symbol: String?
    /// How the symbol is known; `guess` is not to be built upon.
    @OrNull public var symbolSource: String?
    /// Its file below the kernel's module folder.
    @OrNull public var path: String?
    /// What has to be loaded first, in order.
    @OrNull public var dependencies: [String]?
    /// What keeps it from loading.
    public var blocks: [Block]

    enum CodingKeys: String, CodingKey {
      case loaded
      case compiled
      case configState = "config_state"
      case reason
      case state
      case symbol
      case symbolSource = "symbol_source"
      case path
      case dependencies
      case blocks
    }
  }

  /// A line that keeps a module from loading.
  public struct Block: Sendable, Equatable, Codable {
    public var kind: ModuleBlock.Kind
    public var file: String
    public var line: Int
    public var text: String

    enum CodingKeys: String, CodingKey {
      case kind
      case file
      case line
      case text
    }
  }
}
