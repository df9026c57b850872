import PawlHost
import PawlModel

/// A host that passes everything on. Mutants override the one thing that they get wrong.
class MutantHost: Host {
  let inner: SimulatedHost

  init(_ inner: SimulatedHost) { self.inner = inner }

  func now() -> Stamp { inner.now() }
  func machineID(root: String) -> String? { inner.machineID(root: root) }
  func mount(of path: String) -> MountFact? { inner.mount(of: path) }
  func freeBytes(at path: String) -> Int64? { inner.freeBytes(at: path) }
  func runningRelease() -> String { inner.runningRelease() }

  func bootIdentity() throws -> BootIdentity { inner.bootIdentity() }
  func health() -> HealthState { inner.health() }
  func trialAhead(_ terms: TrialTerms, release: String) throws -> ArmedTrial {
    try inner.trialAhead(terms, release: release)
  }
  func arm(_ terms: TrialTerms) throws { try inner.arm(terms) }
  func disarm(_ terms: TrialTerms) throws { try inner.disarm(terms) }
  func loaderTrace(of terms: TrialTerms, recorded: Bool) -> LoaderTrace {
    inner.loaderTrace(of: terms, recorded: recorded)
  }
  var isCrashKernel: Bool { inner.isCrashKernel }
  func builtInModules() -> [String] { inner.builtInModules() }
  func evidence(after armed: ArmedTrial) -> TrialEvidence { inner.evidence(after: armed) }
  func restart(_ kind: RestartKind, saying message: String) throws {
    try inner.restart(kind, saying: message)
  }

  func state(at path: String) throws -> FileState { try inner.state(at: path) }

  func read(
    at path: String, as identity: Identity, chunk: ([UInt8]) throws -> Void
  ) throws -> FileState {
    try inner.read(at: path, as: identity, chunk: chunk)
  }

  func publish(
    at path: String, metadata: FileMetadata?, mode: UInt32?, replacing expected: FileState,
    as identity: Identity, fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> FileState {
    try inner.publish(
      at: path, metadata: metadata, mode: mode, replacing: expected, as: identity, fill: fill)
  }

  func remove(at path: String, expecting: FileState, as identity: Identity) throws {
    try inner.remove(at: path, expecting: expecting, as: identity)
  }

  func manifest(of path: String, as identity: Identity) throws -> Manifest {
    try inner.manifest(of: path, as: identity)
  }

  func copyTree(_ manifest: Manifest, to target: String, as identity: Identity) throws {
    try inner.copyTree(manifest, to: target, as: identity)
  }

  func removeTree(
    _ manifest: Manifest, at target: String, as identity: Identity
  ) throws -> [String] {
    try inner.removeTree(manifest, at: target, as: identity)
  }

  func sync(fileSystemsOf paths: [String]) throws { try inner.sync(fileSystemsOf: paths) }

  func makeFolder(at path: String, mode: UInt32, as identity: Identity) throws {
    try inner.makeFolder(at: path, mode: mode, as: identity)
  }

  func run(
    _ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ExitReport {
    try inner.run(request, watch: watch)
  }

  func survivors(token: String) -> [Survivor] { inner.survivors(token: token) }

  func endSurvivors(token: String, seconds: Int) -> Bool {
    inner.endSurvivors(token: token, seconds: seconds)
  }

  func awaitSurvivors(token: String, seconds: Int) -> Bool {
    inner.awaitSurvivors(token: token, seconds: seconds)
  }

  func spooledOutput(_ spool: String, from offset: Int64, limit: Int) -> [UInt8] {
    inner.spooledOutput(spool, from: offset, limit: limit)
  }

  func removeSpool(_ spool: String) { inner.removeSpool(spool) }

  func buildTree(
    at folder: String, searchPath: String, sources: [String], as identity: Identity
  ) throws -> BuildTree? {
    try inner.buildTree(at: folder, searchPath: searchPath, sources: sources, as: identity)
  }

  func makeBuildFolder(at folder: String, as identity: Identity) throws {
    try inner.makeBuildFolder(at: folder, as: identity)
  }

  func openBuild(at folder: String, as identity: Identity) throws -> Int64 {
    try inner.openBuild(at: folder, as: identity)
  }

  func closeBuild(at folder: String, as identity: Identity) throws {
    try inner.closeBuild(at: folder, as: identity)
  }

  func earliestStart(inGroup group: Int32) -> Int64 { inner.earliestStart(inGroup: group) }
  func earliestStart(token: String) -> Int64? { inner.earliestStart(token: token) }

  func treatBuild(
    at folder: String, _ treatment: TreeTreatment, as identity: Identity
  ) throws -> TreeRepair {
    try inner.treatBuild(at: folder, treatment, as: identity)
  }

  func keepSample(_ sample: CutoffSample, at path: String) {
    inner.keepSample(sample, at: path)
  }

  func sample(at path: String) -> CutoffSample? { inner.sample(at: path) }
}
