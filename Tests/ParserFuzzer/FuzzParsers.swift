import ArgumentParser
import Foundation
import Fuzzing
import ParserFuzzing

/// Reads mutated inputs in this very process. A trap ends it and leaves the input that did it; so does
/// an input that takes more than ten seconds.
@main
struct FuzzParsers: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz-parsers", abstract: "Search for an input that a parser cannot take.")

  @Option(help: "How long to search with each parser.") var seconds = 60
  @Option(help: "The same seed makes the same inputs.") var seed: UInt64 = 1
  @Option(help: "Where the input under test is kept.") var last = "/tmp/pawl-fuzz-last-input"
  @Option(help: "A folder for inputs that made a parser say something new, as many of each.")
  var keep: String?
  @Option(help: "How many are kept of each.") var most = 20
  @Argument(help: "Only these parsers.") var names: [String] = []

  func validate() throws {
    let unknown = names.filter { FuzzedParser.named($0) == nil }
    guard unknown.isEmpty else {
      throw ValidationError(
        "There is no parser \(unknown.joined(separator: ", ")); there are: "
          + FuzzedParser.all.map(\.name).joined(separator: ", "))
    }
  }

  func run() throws {
    guard let lastInput = LastInput(path: last) else {
      throw ValidationError("\(last): \(String(cString: strerror(errno)))")
    }
    for parser in FuzzedParser.all where names.isEmpty || names.contains(parser.name) {
      print("\(parser.name):")
      try fuzz(parser, lastInput)
    }
  }

  private func fuzz(_ parser: FuzzedParser, _ lastInput: LastInput) throws {
    var corpus = Corpus(parser.seeds.map { Array($0.utf8) })
    for bytes in corpus.inputs { corpus.learn(bytes, lastInput.run(bytes, parser.read)) }
    var mutator = Mutator(seed: seed, vocabulary: parser.vocabulary)
    var progress = Progress(seconds: seconds)
    var kept = 0
    while progress.goesOn {
      let bytes = mutator.mutant(of: corpus.inputs)
      let started = ContinuousClock.now
      let isNew = corpus.learn(bytes, lastInput.run(bytes, parser.read))
      progress.count(ContinuousClock.now - started, bytes, corpus)
      if isNew, kept < most, bytes.count < 4096 {
        kept += 1
        try store(bytes, parser.name, kept)
      }
    }
    progress.report(corpus)
  }

  private func store(_ bytes: [UInt8], _ name: String, _ number: Int) throws {
    guard let keep else { return }
    let folder = URL(filePath: keep).appending(path: name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: folder.appending(path: "\(number)"))
  }
}
