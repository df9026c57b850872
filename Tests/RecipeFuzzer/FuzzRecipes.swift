import ArgumentParser
import Foundation
import Glibc
import PawlModel
import PawlRecipes

/// Reads, lints and plans mutated recipes in this very process. A trap ends it and leaves the
/// input that did it; so does an input that takes more than ten seconds.
@main
struct FuzzRecipes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz-recipes", abstract: "Search for a recipe that the reader cannot take.")

  @Option(help: "How long to search.") var seconds = 60
  @Option(help: "The same seed makes the same inputs.") var seed: UInt64 = 1
  @Option(help: "Where the input under test is kept, and beside it the slowest.") var last =
    "/tmp/pawl-fuzz-last-input"
  @Argument(help: "Only these inputs, once each.") var inputs: [String] = []

  func run() throws {
    let trial = try Trial(lastInput: last)
    guard inputs.isEmpty else {
      for path in inputs { print(path, trial.run(try Corpus.bytes(path)).sorted()) }
      return
    }
    var corpus = Corpus(try Corpus.seeds())
    for bytes in corpus.inputs { corpus.learn(bytes, trial.run(bytes)) }
    var mutator = Mutator(seed: seed)
    var progress = Progress(seconds: seconds)
    while progress.goesOn {
      let bytes = mutator.mutant(of: corpus.inputs)
      let started = ContinuousClock.now
      corpus.learn(bytes, trial.run(bytes))
      progress.count(ContinuousClock.now - started, bytes, corpus)
    }
    progress.report(corpus)
    try Data(progress.slowest.bytes).write(to: URL(filePath: last + ".slowest"))
  }
}

/// One execution: what is said about an input, without the names in it.
struct Trial {
  private let file: Int32
  private let facts = Facts.debian

  init(lastInput path: String) throws {
    file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw ValidationError("\(path): \(String(cString: strerror(errno)))")
    }
  }

  func run(_ bytes: [UInt8]) -> Set<String> {
    keep(bytes)
    alarm(10)
    defer { alarm(0) }
    var said = Set(RecipeLinter.lint(bytes: bytes, fileName: "fuzz").map { Self.shape($0.message) })
    switch Recipe.read(bytes: bytes, fileName: "fuzz") {
    case .failure(let error): said.insert(error.code.name)
    case .success(let recipe): said.formUnion(plan(recipe))
    }
    return said
  }

  private func plan(_ recipe: Recipe) -> Set<String> {
    var said: Set<String> = ["read"]
    for settings in [[:], ["module": "vfio-pci"], ["set": "VFIO=m", "config": "/boot/config"]] {
      do throws(PawlError) {
        let plan = try RecipePlanner.plan(recipe: recipe, settings: settings, facts: facts)
        said.formUnion(plan.steps.map { "planned \($0.action.kind) \($0.risk.rawValue)" })
      } catch {
        said.insert(Self.shape(error.message))
      }
    }
    return said
  }

  private func keep(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
    ftruncate(file, off_t(bytes.count))
  }

  /// What is quoted or counted changes with every input; the words around it do not.
  private static func shape(_ message: String) -> String {
    var shape: [UInt8] = []
    var isQuoted = false
    for byte in message.utf8 {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      let isDigit = (48...57).contains(byte)
      if !isQuoted, !isDigit { shape.append(byte) }
    }
    return String(decoding: shape.prefix(60), as: UTF8.self)
  }
}

/// Inputs worth mutating: each made the reader say something new.
struct Corpus {
  private(set) var inputs: [[UInt8]]
  private(set) var messages: Set<String> = []

  init(_ inputs: [[UInt8]]) { self.inputs = inputs }

  mutating func learn(_ bytes: [UInt8], _ said: Set<String>) {
    guard !said.isSubset(of: messages) else { return }
    messages.formUnion(said)
    if inputs.count < 2000, bytes.count < 1 << 14 { inputs.append(bytes) }
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  /// The shipped recipes and the fixtures of the repository.
  static func seeds() throws -> [[UInt8]] {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/recipes")
    let names = FileManager.default.enumerator(atPath: fixtures.path)?.allObjects ?? []
    let files = names.compactMap { $0 as? String }.filter { $0.contains(".") }
    return try ShippedRecipes.all.map(\.bytes)
      + files.sorted().map { try bytes(fixtures.appending(path: $0).path) }
  }
}

/// Figures while it runs, and at its end.
struct Progress {
  private let started = ContinuousClock.now
  private let end: ContinuousClock.Instant
  private var executions = 0
  private(set) var slowest = (time: Duration.zero, bytes: [UInt8]())
  private var nextLine = 10

  init(seconds: Int) { end = started + .seconds(seconds) }

  var goesOn: Bool { ContinuousClock.now < end }

  private var elapsed: Double { (ContinuousClock.now - started) / .seconds(1) }

  mutating func count(_ time: Duration, _ bytes: [UInt8], _ corpus: Corpus) {
    executions += 1
    if time > slowest.time { slowest = (time, bytes) }
    guard executions % 64 == 0, Int(elapsed) >= nextLine else { return }
    nextLine += 10
    report(corpus)
  }

  func report(_ corpus: Corpus) {
    let rate = Int(Double(executions) / max(elapsed, 0.001))
    print(
      "\(Int(elapsed)) s: \(executions) executions, \(rate)/s, \(corpus.messages.count) messages, "
        + "\(corpus.inputs.count) inputs kept, slowest \(slowest.time) (\(slowest.bytes.count) bytes)"
    )
    fflush(nil)
  }
}
