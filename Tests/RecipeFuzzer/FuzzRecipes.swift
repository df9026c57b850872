import ArgumentParser
import Foundation
import Fuzzing
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
    var corpus = Corpus(try RecipeSeeds.all())
    for bytes in corpus.inputs { corpus.learn(bytes, trial.run(bytes)) }
    var mutator = Mutator(seed: seed, vocabulary: RecipeVocabulary.all)
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
  private let lastInput: LastInput
  private let facts = Facts.debian

  init(lastInput path: String) throws {
    guard let lastInput = LastInput(path: path) else {
      throw ValidationError("\(path): \(String(cString: strerror(errno)))")
    }
    self.lastInput = lastInput
  }

  func run(_ bytes: [UInt8]) -> Set<String> { lastInput.run(bytes, judge) }

  private func judge(_ bytes: [UInt8]) -> Set<String> {
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

enum RecipeSeeds {
  /// The shipped recipes and the fixtures of the repository.
  static func all() throws -> [[UInt8]] {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/recipes")
    let names = FileManager.default.enumerator(atPath: fixtures.path)?.allObjects ?? []
    let files = names.compactMap { $0 as? String }.filter { $0.contains(".") }
    return try ShippedRecipes.all.map(\.bytes)
      + files.sorted().map { try Corpus.bytes(fixtures.appending(path: $0).path) }
  }
}
