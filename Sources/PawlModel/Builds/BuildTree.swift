/// The folder that a build writes to, and all that its objects were made by and from. Recorded
/// before `make` is started, once what stood there is on disk.
public struct BuildTree: Codable, Sendable, Hashable {
  public var folder: String
  /// What Pawl marked the folder with when it made it; nil where it did not. Nothing is ever
  /// removed from a folder without one.
  public var mark: String?
  public var inode: UInt64
  /// Type, and UUID or source, of the file system.
  public var fileSystem: String
  public var source: String
  /// Another number, or another boot, means that the file system was mounted anew; 0 where the
  /// kernel does not tell.
  public var mount: UInt64
  public var bootID: BootID
  /// Times may reach the disk long after what they belong to: `lazytime`.
  public var isLazilyTimed: Bool
  /// By part (`make`, `compiler`, `configuration`, …), in a form that can be compared only.
  public var fingerprint: [String: String]
  /// The bytes of its `.config`, which are in the journal.
  public var configuration: Digest?
  /// The bytes of its `include/config/auto.conf`, likewise: the configuration that the stamps of
  /// single options are up to date with. nil where there was none.
  public var spreadConfiguration: Digest?
  /// Nanoseconds since 1970 in the clock of the file system: what is older is on disk, whole.
  public var cutoff: Int64
  /// A build began here and was not seen to end, by this plan or by another.
  public var isLeftOpen: Bool

  public init(
    folder: String, mark: String?, inode: UInt64, fileSystem: String, source: String,
    mount: UInt64, bootID: BootID, isLazilyTimed: Bool = false,
    fingerprint: [String: String] = [:], configuration: Digest? = nil, cutoff: Int64 = 0,
    isLeftOpen: Bool = false
  ) {
    self.folder = folder
    self.mark = mark
    self.inode = inode
    self.fileSystem = fileSystem
    self.source = source
    self.mount = mount
    self.bootID = bootID
    self.isLazilyTimed = isLazilyTimed
    self.fingerprint = fingerprint
    self.configuration = configuration
    self.cutoff = cutoff
    self.isLeftOpen = isLeftOpen
  }

  func isSamePlace(as other: BuildTree) -> Bool {
    mark == other.mark && inode == other.inode && fileSystem == other.fileSystem
      && source == other.source
  }

  /// Only there a cut that loses names loses nothing that a checkpoint had made durable, and
  /// brings back nothing that is taken for new (hazards, "Metadata order").
  var ordersMetadata: Bool { ["ext4", "xfs"].contains(fileSystem) && !isLazilyTimed }
}

/// The last instant before which nothing of a running build was half done. Kept by the runner
/// once a second where a kill, but no power cut, leaves it.
public struct CutoffSample: Codable, Sendable, Hashable {
  public var token: String
  public var bootID: BootID
  /// As in `BuildTree`.
  public var cutoff: Int64

  public init(token: String, bootID: BootID, cutoff: Int64) {
    self.token = token
    self.bootID = bootID
    self.cutoff = cutoff
  }
}
