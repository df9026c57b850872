import PawlHost
import PawlModel

extension LoaderContract {
  /// From what, to what.
  private struct Passage: Sendable {
    let name: String
    let before: @Sendable (LoaderBench) throws -> PawlEntries?
    let after: @Sendable (LoaderBench) throws -> PawlEntries?
  }

  private static let passages = [
    Passage(name: "pinning", before: { _ in nil }, after: { $0.pinned }),
    Passage(name: "writing the trial", before: { $0.pinned }, after: { try $0.trying() }),
    Passage(name: "promoting", before: { try $0.trying() }, after: { try $0.promoted() }),
    Passage(name: "giving the trial up", before: { try $0.trying() }, after: { $0.pinned }),
    Passage(name: "taking a promotion back", before: { try $0.promoted() }, after: { $0.pinned }),
    Passage(name: "taking all back", before: { $0.pinned }, after: { _ in nil }),
    Passage(name: "taking a trial back", before: { try $0.trying() }, after: { _ in nil }),
  ]

  static let crashPromises: [Promise] = passages.flatMap { passage in
    [Interruption.Moment.before, .after].map { moment in
      Promise("a crash \(moment) any act of \(passage.name) leaves a choice that was or is wanted")
      {
        try $0.survives(passage, moment)
      }
    }
  }

  private func survives(_ passage: Passage, _ moment: Interruption.Moment) throws {
    for call in 1... {
      let bench = try bench()
      let wanted = try passage.after(bench)
      try bench.loader.write(try passage.before(bench), with: bench.tool)
      let allowed = [try bench.loader.plainChoice()?.id, wanted?.chosen.id]
      let interruption = Interruption(at: call, moment)
      let loader = bench.fixture.loader(files: InterruptedFiles(interruption: interruption))
      let tool = bench.fixture.tool(processes: InterruptedPrograms(interruption: interruption))
      do { try loader.write(wanted, with: tool) } catch is Interruption.Crash {}
      try requireStartable(bench, allowed, "after act \(call)")
      try bench.loader.write(wanted, with: bench.tool)
      if let wanted { try bench.loader.verify(wanted) }
      if !interruption.hasHappened { return }
    }
  }

  private func requireStartable(_ bench: LoaderBench, _ allowed: [String?], _ when: String) throws {
    guard let chosen = try bench.loader.plainChoice() else {
      throw Broken(description: "\(when) nothing is started")
    }
    let former = try bench.loader.distributionEntry(of: bench.fixture.running)?.id
    try require(
      allowed.contains(chosen.id) || (allowed.contains(nil) && chosen.id == former),
      "\(when) \(chosen.id) is started")
    for path in [chosen.image] + chosen.initrds {
      let state = try LiveHost().state(at: bench.fixture.root.path(path))
      guard case .file(_, _, let size) = state, size > 0 else {
        throw Broken(description: "\(when) \(chosen.id) needs \(path), which is \(state)")
      }
    }
  }
}

/// Ends everything at one of the acts that change something.
final class Interruption {
  enum Moment: Sendable { case before, after }
  struct Crash: Error {}

  private(set) var hasHappened = false
  private var left: Int
  private let moment: Moment

  static var never: Interruption { Interruption(at: .max, .before) }

  init(at call: Int, _ moment: Moment) {
    left = call
    self.moment = moment
  }

  func around<Result>(_ act: () throws -> Result) throws -> Result {
    // What has died does nothing more.
    if hasHappened { throw Crash() }
    left -= 1
    hasHappened = left == 0
    if hasHappened, moment == .before { throw Crash() }
    let result = try act()
    if hasHappened { throw Crash() }
    return result
  }
}

struct InterruptedFiles: HostFiles {
  let interruption: Interruption
  private let host = LiveHost()

  init(interruption: Interruption) { self.interruption = interruption }

  func state(at path: String) throws -> FileState { try host.state(at: path) }

  func read(at path: String, as identity: Identity, chunk: ([UInt8]) throws -> Void) throws
    -> FileState
  { try host.read(at: path, as: identity, chunk: chunk) }

  func publish(
    at path: String, metadata: FileMetadata?, mode: UInt32?, replacing expected: FileState,
    as identity: Identity, fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> FileState {
    try interruption.around {
      try host.publish(
        at: path, metadata: metadata, mode: mode, replacing: expected, as: identity, fill: fill)
    }
  }

  func remove(at path: String, expecting: FileState, as identity: Identity) throws {
    try interruption.around { try host.remove(at: path, expecting: expecting, as: identity) }
  }

  func manifest(of path: String, as identity: Identity) throws -> Manifest {
    try host.manifest(of: path, as: identity)
  }

  func copyTree(_ manifest: Manifest, to target: String, as identity: Identity) throws {
    try interruption.around { try host.copyTree(manifest, to: target, as: identity) }
  }

  func removeTree(_ manifest: Manifest, at target: String, as identity: Identity) throws -> [String]
  { try interruption.around { try host.removeTree(manifest, at: target, as: identity) } }

  /// No power is cut here, and to sync the whole disk hundreds of times takes its time.
  func sync(fileSystemsOf paths: [String]) throws { try interruption.around {} }

  func makeFolder(at path: String, mode: UInt32, as identity: Identity) throws {
    try interruption.around { try host.makeFolder(at: path, mode: mode, as: identity) }
  }
}

struct InterruptedPrograms: HostProcesses {
  let interruption: Interruption
  private let host = LiveHost()

  init(interruption: Interruption) { self.interruption = interruption }

  func run(_ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective) throws
    -> ExitReport
  { try interruption.around { try host.run(request, watch: watch) } }

  func survivors(token: String) -> [Survivor] { [] }
  func endSurvivors(token: String, seconds: Int) -> Bool { true }
  func awaitSurvivors(token: String, seconds: Int) -> Bool { true }
  func spooledOutput(_ spool: String, from offset: Int64, limit: Int) -> [UInt8] { [] }
  func removeSpool(_ spool: String) { host.removeSpool(spool) }
}
