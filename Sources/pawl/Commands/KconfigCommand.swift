import ArgumentParser
import PawlHost
import PawlModel

struct KconfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kconfig", abstract: "Why a kernel option has its value, and what two differ in.",
    subcommands: [KconfigWhyCommand.self, KconfigDiffCommand.self])
}

struct KconfigWhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Why an option cannot have a value. Exit 0: it has it. 1: it has not, and why.")

  @Argument(help: "The option, with or without CONFIG_; with =y, =m, =n or =VALUE after it (=y).")
  var symbol: String
  @Option(help: "The kernel source; by default the one that the running kernel was built from.")
  var source: String?
  @Option(help: "The configuration; by default that of the running kernel.") var config: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let root = HostRoot(path: options.rootPath)
    let (name, asked) = wish
    let config = try readConfig(root: root)
    let explainer = try loadTree(root: root, config: config)
    let found = explainer.explain(name, asked: asked)
    try Output.answer(KconfigAnswer(explanation: found), json: format.json)
    if found.cause != .asAsked { throw ExitCode(1) }
  }

  private var wish: (name: String, asked: String) {
    guard let equals = symbol.firstIndex(of: "=") else { return (symbol, "y") }
    return (String(symbol[..<equals]), String(symbol[symbol.index(after: equals)...]))
  }

  private func readConfig(root: HostRoot) throws -> KernelConfig {
    if let config { return try KconfigInput.config(config) }
    let host = HostDetection(root: root)
    guard let found = host.config.found else {
      throw PawlError(
        .noInput, "No kernel configuration was found: \(host.config.reason ?? "no reason given").",
        hint: "Name one: --config FILE")
    }
    return found.config
  }

  private func loadTree(root: HostRoot, config: KernelConfig) throws -> KconfigExplainer {
    let release = KernelRelease.detect(root: root).value?.text
    let places = source.map { [$0] } ?? KernelSourceTree.places(release: release).map(root.path)
    for place in places {
      if let explainer = KconfigExplainer.load(tree: place, config: config).value {
        return explainer
      }
    }
    throw PawlError(
      .noInput,
      "There is no kernel source with its Kconfig files in \(places.joined(separator: ", ")).",
      hint: "Unpack one and name it: --source FOLDER")
  }
}

struct KconfigAnswer: Answer {
  static let schema = "pawl.kconfig.why/1"
  let explanation: KconfigExplanation

  var text: String {
    ([explanation.sentence] + explanation.further.map { "  " + $0 }).joined(separator: "\n")
  }
}

struct KconfigDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "What two configurations differ in. Exit 0: in nothing. 1: in something.")

  @Argument(help: "A configuration, packed (.gz) or not.") var first: String
  @Argument(help: "The other one.") var second: String
  @OptionGroup var format: JSONOption

  func run() throws {
    let changes = KernelConfigChange.between(
      try KconfigInput.config(first), try KconfigInput.config(second))
    try Output.answer(KconfigDiffAnswer(changes: changes), json: format.json)
    if !changes.isEmpty { throw ExitCode(1) }
  }
}

struct KconfigDiffAnswer: Answer {
  static let schema = "pawl.kconfig.diff/1"
  let changes: [KernelConfigChange]

  var text: String {
    if changes.isEmpty { return "They say the same of every option." }
    return changes.map { change in
      switch (change.before, change.after) {
      case (let before?, let after?): " \(change.symbol) \(before) -> \(after)"
      case (let before?, nil): "-\(change.symbol) \(before)"
      case (nil, let after): "+\(change.symbol) \(after ?? "")"
      }
    }.joined(separator: "\n")
  }
}

/// What the two read.
enum KconfigInput {
  static func config(_ path: String) throws -> KernelConfig {
    switch KernelConfig.read(GlobalOptions.absolute(path), root: .live) {
    case .present(let config): return config
    case .absent: throw PawlError(.noInput, "\(path) is not there.")
    case .unreadable(let reason): throw PawlError(.noInput, "\(path): \(reason).")
    }
  }
}
