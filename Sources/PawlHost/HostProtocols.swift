import PawlModel

/// Everything that the engine does to, or asks of, a machine. `LiveHost` is the real one; the
/// simulator has another; both pass the same contract tests.
public protocol Host: HostClock, HostFacts, HostFiles, HostProcesses, HostBuilds, HostBoot {}

public protocol HostClock {
  /// The wall clock, the boot id, and the time since this boot with suspended time included.
  func now() -> Stamp
}

public protocol HostFacts {
  /// `/etc/machine-id` below the root; nil where it is absent or empty.
  func machineID(root: String) -> String?
  /// Where the path is mounted from; nil where that cannot be told.
  func mount(of path: String) -> MountFact?
  /// Bytes that a process without privileges may still write; nil where that cannot be told.
  func freeBytes(at path: String) -> Int64?
  /// `uname -r`.
  func runningRelease() -> String
}

/// File actions. All of them refuse to follow links in the last component, refuse what has
/// several links or is immutable or is a mount point, and act with the file permissions of `identity`.
/// Every error is a `PawlError`.
public protocol HostFiles {
  /// What stands at the path: bytes hashed, metadata and extended attributes read.
  func state(at path: String) throws -> FileState

  /// Hands out the bytes in chunks of at most 256 KiB and returns the state they had. Throws
  /// where the file changed while it was read.
  func read(at path: String, as identity: Identity, chunk: ([UInt8]) throws -> Void) throws
    -> FileState

  /// Puts a file in place so that a crash leaves the old one or the new one, never a mixture:
  /// written aside in the same folder, owner, mode, times and attributes set, fsynced, read back
  /// and hashed, exchanged (or linked, where nothing stood there), folder fsynced. What was
  /// exchanged out is compared with `expected`; where it differs, it is put back and the call throws.
  /// `metadata` nil keeps those of the replaced file, or gives 0644 and the identity's owner.
  /// `fill` is called once and writes the content.
  func publish(
    at path: String, metadata: FileMetadata?, mode: UInt32?, replacing expected: FileState,
    as identity: Identity, fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> FileState

  /// Removes a file that still is what is expected, and fsyncs its folder.
  func remove(at path: String, expecting: FileState, as identity: Identity) throws

  /// Lists and hashes what stands below a folder (or a single file), sorted by path.
  func manifest(of path: String, as identity: Identity) throws -> Manifest

  /// Copies exactly what the manifest lists, below `target`, with no link followed in source or
  /// target, hashing while copying; a byte that differs from the manifest ends the copy with an
  /// error. Each file is published as above; a file that is there already with the listed bytes is left.
  func copyTree(_ manifest: Manifest, to target: String, as identity: Identity) throws

  /// Removes below `target` what the manifest lists and still has the listed bytes, then empty
  /// folders. Returns what was left because it differs.
  func removeTree(_ manifest: Manifest, at target: String, as identity: Identity) throws
    -> [String]

  /// Makes durable all that was written to the file systems that hold these paths (`syncfs`).
  func sync(fileSystemsOf paths: [String]) throws

  /// Makes a folder and its missing parents, fsyncing each parent.
  func makeFolder(at path: String, mode: UInt32, as identity: Identity) throws
}

/// One execution of a program.
public struct ProcessRequest: Sendable, Hashable {
  public var argv: [String]
  public var directory: String
  /// The whole environment; nothing is inherited.
  public var environment: [String: String]
  public var identity: Identity
  public var timeoutSeconds: Int
  /// Put into the environment as `PAWL_ATTEMPT`.
  public var token: String
  /// Where the output goes: a file, not a pipe, so that a child outlives its runner unharmed.
  public var spool: String
  /// Niced, for long commands.
  public var background: Bool

  public init(
    argv: [String], directory: String = "/", environment: [String: String] = [:],
    identity: Identity, timeoutSeconds: Int, token: String, spool: String, background: Bool = false
  ) {
    self.argv = argv
    self.directory = directory
    self.environment = environment
    self.identity = identity
    self.timeoutSeconds = timeoutSeconds
    self.token = token
    self.spool = spool
    self.background = background
  }
}

/// What the watcher of a running program wants next.
public enum ProcessDirective: Sendable, Hashable {
  case goOn
  /// End the whole process group: SIGTERM, then SIGKILL.
  case stop
}

/// What the watcher is told, a few times a second and once at the end.
public struct ProcessTick: Sendable {
  /// New output since the last tick, at most 1 MiB; what does not fit is skipped and counted.
  public var output: [UInt8]
  /// Bytes skipped right before `output`, because they came faster than they can be kept.
  public var skipped: Int64
  /// Since the start; time asleep does not count.
  public var millis: Int64
  public var hasEnded: Bool
  /// The process group.
  public var group: Int32

  public init(
    output: [UInt8], skipped: Int64, millis: Int64, hasEnded: Bool, group: Int32 = 0
  ) {
    self.group = group
    self.output = output
    self.skipped = skipped
    self.millis = millis
    self.hasEnded = hasEnded
  }
}

/// A process of a dead runner's attempt that is still alive.
public struct Survivor: Sendable, Hashable, Codable {
  public var pid: Int32
  public var name: String

  public init(pid: Int32, name: String) {
    self.pid = pid
    self.name = name
  }

  /// Ended halfway, these leave a host worse than it was: they are waited for.
  public var isPackageManager: Bool { packageManagers.contains(name.prefix(15)) }
}

/// As the kernel names a process: by the first fifteen bytes.
private let packageManagers = Set(packageManagerNames.map { $0.prefix(15) })

private let packageManagerNames = [
  "apt", "apt-get", "aptitude", "dpkg", "rpm", "dnf", "dnf5", "yum", "zypper", "pacman", "apk",
  "dkms", "update-initramfs", "mkinitramfs", "dracut", "mkinitcpio", "mkinitfs", "depmod",
  "grub-install", "grub-mkconfig", "kernel-install", "extlinux",
]

public protocol HostProcesses {
  /// Runs a program to its end: own process group, standard input closed (`/dev/null`), no other
  /// descriptors, exactly the given environment, uid, gid and groups. A program that cannot be
  /// started is an `.notStarted` ending, not an error.
  func run(_ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective) throws
    -> ExitReport

  /// Processes that carry this token in their environment.
  func survivors(token: String) -> [Survivor]

  /// Ends them (SIGKILL) and waits until they are gone, at most `seconds`. True when none is left.
  func endSurvivors(token: String, seconds: Int) -> Bool

  /// Waits for them without a signal, at most `seconds`. True when none is left.
  func awaitSurvivors(token: String, seconds: Int) -> Bool

  /// What an attempt's spool holds from `offset` on: at most the last `limit` bytes of it; empty
  /// where it is gone.
  func spooledOutput(_ spool: String, from offset: Int64, limit: Int) -> [UInt8]
  func removeSpool(_ spool: String)
}
