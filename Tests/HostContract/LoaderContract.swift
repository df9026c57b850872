import PawlHost
import PawlModel

/// A system below a folder that a loader boots, with two kernels in its /boot, and programs that
/// behave there as the loader's own ones do.
public protocol LoaderFixture {
  /// Holds the system and nothing else.
  var root: HostRoot { get }
  var identity: Identity { get }
  /// The release that runs: it has an entry, which is what a plain boot starts.
  var running: String { get }
  /// Another one, whose image and initrd are in /boot; it has no entry.
  var new: String { get }
  func loader(files: any HostFiles) -> any BootLoader
  func tool(processes: any HostProcesses) -> Tool
  /// What other programs do.
  func disturb(_ how: LoaderDisturbance) throws
}

public enum LoaderDisturbance: Sendable, CaseIterable {
  /// The entry `pawl-fallback` is gone, whatever is made anew with it.
  case fallbackRemoved
  /// A plain boot starts the entry of the running release by the distribution.
  case choiceChanged
  /// The entry `pawl-trial` has another command line.
  case trialChanged
}

/// What every `BootLoader` promises. Each promise is kept in a new fixture, and throws `Broken`
/// where it does not hold.
public struct LoaderContract {
  public struct Broken: Error, CustomStringConvertible {
    public let description: String
  }

  /// One promise, in words.
  public struct Promise: Sendable, CustomStringConvertible {
    public let description: String
    public let check: @Sendable (LoaderContract) throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (LoaderContract) throws -> Void) {
      self.description = description
      self.check = check
    }
  }

  public static let promises = entryPromises + choicePromises + verifyPromises + crashPromises

  let make: () throws -> any LoaderFixture

  public init(_ make: @escaping () throws -> any LoaderFixture) { self.make = make }

  // MARK: What the promises are written with

  func require(_ condition: Bool, _ sentence: @autoclosure () -> String) throws {
    guard condition else { throw Broken(description: sentence()) }
  }

  @discardableResult
  func requireRefusal(_ sentence: String, _ body: () throws -> Void) throws -> PawlError {
    do { try body() } catch let error as PawlError { return error }
    throw Broken(description: "\(sentence): nothing was refused")
  }

  func bench() throws -> LoaderBench { try LoaderBench(make()) }
}

/// A fixture with a copy of its running kernel, as the step `pin` makes one.
struct LoaderBench {
  let fixture: any LoaderFixture
  let loader: any BootLoader
  let tool: Tool
  let fallback: BootEntry

  init(_ fixture: any LoaderFixture) throws {
    self.fixture = fixture
    let host = LiveHost()
    loader = fixture.loader(files: InterruptedFiles(interruption: .never))
    tool = fixture.tool(processes: host)
    guard let running = try loader.distributionEntry(of: fixture.running) else {
      throw LoaderContract.Broken(description: "the running release has no entry")
    }
    let folder = "\(loader.copiesFolder)/fallback-\(fixture.running)"
    var copies: [String] = []
    for (source, name) in zip(running.files, ["vmlinuz", "initrd.img"]) {
      copies.append("\(folder)/\(name)")
      try Self.copy(source, to: "\(folder)/\(name)", fixture, host)
    }
    fallback = BootEntry(
      id: PawlEntries.fallbackID, title: "\(fixture.running), kept by Pawl", image: copies[0],
      initrds: [copies[1]], commandLine: running.commandLine)
  }

  private static func copy(
    _ source: String, to target: String, _ fixture: any LoaderFixture, _ host: LiveHost
  ) throws {
    let place = fixture.root.path(target)
    let folder = place.split(separator: "/").dropLast().joined(separator: "/")
    try host.makeFolder(at: "/" + folder, mode: 0o755, as: fixture.identity)
    _ = try host.publish(
      at: place, metadata: nil, mode: nil, replacing: .absent, as: fixture.identity
    ) { write in
      _ = try host.read(at: fixture.root.path(source), as: fixture.identity, chunk: write)
    }
  }

  static let token = "j.1.trial.1"

  var pinned: PawlEntries { PawlEntries(fallback: fallback, files: [:]) }

  /// The entry of the new release, made where it is missing.
  func newEntry() throws -> BootEntry {
    try loader.addKernel(fixture.new, with: tool)
    guard let entry = try loader.distributionEntry(of: fixture.new) else {
      throw LoaderContract.Broken(description: "the new release has no entry")
    }
    return entry
  }

  func trying() throws -> PawlEntries {
    let new = try newEntry()
    let trial = BootEntry(
      id: PawlEntries.trialID, title: "\(fixture.new), tried by Pawl", image: new.image,
      initrds: new.initrds,
      commandLine: TrialArguments.appended(to: new.commandLine, token: Self.token))
    return PawlEntries(fallback: fallback, trial: trial, token: Self.token, files: [:])
  }

  func promoted() throws -> PawlEntries {
    PawlEntries(fallback: fallback, promoted: try newEntry(), files: [:])
  }

  /// The bytes of every file of the system.
  func snapshot() throws -> [String: Digest?] {
    let manifest = try LiveHost().manifest(of: fixture.root.path, as: fixture.identity)
    return Dictionary(
      manifest.entries.filter { $0.kind == .file }.map { ($0.path, $0.digest) },
      uniquingKeysWith: { first, _ in first })
  }

  func entry(_ id: String) throws -> BootEntry? { try loader.entries().first { $0.id == id } }
}
