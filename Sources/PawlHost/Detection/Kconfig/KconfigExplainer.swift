/// Why a symbol did not get the value that was asked for.
public struct KconfigExplanation: Sendable, Equatable, Codable {
  public enum Cause: String, Sendable, Codable {
    /// Nothing to explain: the symbol has the value asked for.
    case asAsked = "as-asked"
    /// A dependency does not hold, so the value was dropped.
    case dropped
    /// y was asked and a dependency is only m.
    case capped
    /// The tree has no such symbol.
    case unknownSymbol = "unknown-symbol"
    /// Only another architecture has it.
    case otherArchitecture = "other-architecture"
    /// It has no prompt: only a select or a default can set it.
    case noPrompt = "no-prompt"
    /// Another symbol selects it.
    case forced
    /// Another option of the same choice is on.
    case choice
    /// m was asked of a symbol that is only y or n.
    case notModular = "not-modular"
    /// Everything holds and the value is another one.
    case valueDiffers = "value-differs"
  }

  public let symbol: String
  /// What was asked: `y`, `m`, `n` or a value.
  public let asked: String
  /// What the finished configuration has; `n` where it does not mention the symbol.
  public let got: String
  public let cause: Cause
  /// The reason in one sentence: `VFIO_PCI=m asked, n got: depends on VFIO (=n)`.
  public let sentence: String
  /// The symbols in the way, to be changed first; empty where none is.
  public let inTheWay: [String]
  /// The same question asked of the symbols in the way, one level down.
  public let further: [String]

  enum CodingKeys: String, CodingKey {
    case symbol, asked, got, cause, sentence
    case inTheWay = "in_the_way"
    case further
  }
}

/// Explains what `make olddefconfig` did to a wish, from the Kconfig files of the tree and the
/// configuration that came out.
public struct KconfigExplainer: Sendable {
  public let tree: KconfigTree
  public let config: KernelConfig

  public init(tree: KconfigTree, config: KernelConfig) {
    self.tree = tree
    self.config = config
  }

  /// Reads the tree at `path` for the architecture of `config`.
  public static func load(tree path: String, config: KernelConfig) -> Reading<KconfigExplainer> {
    KconfigTree.load(path: path, architecture: KconfigTree.architecture(of: config)).map {
      KconfigExplainer(tree: $0, config: config)
    }
  }

  /// Explains every wish that was not met, in the order of the symbols' names.
  public func explain(_ wishes: [String: String]) -> [KconfigExplanation] {
    wishes.sorted { $0.key < $1.key }.map { explain($0.key, asked: $0.value) }
      .filter { $0.cause != .asAsked }
  }

  /// Explains one symbol, named with or without `CONFIG_`.
  /// - Parameter asked: `y`, `m`, `n` or a value, strings with or without their quotes.
  public func explain(_ symbol: String, asked: String) -> KconfigExplanation {
    let name = symbol.hasPrefix("CONFIG_") ? String(symbol.dropFirst(7)) : symbol
    let wish = KernelConfig.unquote(asked)
    let got = shown(name)
    let question = Question(symbol: name, asked: wish, got: got)
    if got == wish || got.lowercased() == wish.lowercased() && wish.hasPrefix("0x") {
      return question.answer(.asAsked, "the configuration has it")
    }
    guard let definitions = tree.definitions[name] else { return unknown(question) }
    let wanted = ["n": Tristate.n, "m": .m, "y": .y][wish]
    if let wanted, let result = Tristate(got), result > wanted {
      return tooHigh(question, definitions, wanted: wanted)
    }
    guard let definition = best(definitions, wanted: wanted ?? .y) else {
      return withoutPrompt(question)
    }
    return tooLow(question, definition, wanted: wanted ?? .y)
  }

  // MARK: - The three ways a wish can fail

  private func tooLow(
    _ question: Question, _ definition: KconfigTree.Definition, wanted: Tristate
  ) -> KconfigExplanation {
    let limit = limit(definition, wanted: wanted)
    let failing = failing(definition, limit: limit)
    if !failing.isEmpty {
      let isCap = question.got == "m" || failing.allSatisfy { $0.worth == .m }
      let hidden = failing.allSatisfy { $0.isPromptOnly }
      let names = failing.flatMap { $0.expression.symbols }.uniqued()
      let verb = hidden ? "its prompt needs" : "depends on"
      return question.answer(
        isCap ? .capped : .dropped,
        "\(verb) \(failing.map { render($0.expression) }.uniqued().joined(separator: " and "))",
        inTheWay: names, further: names.prefix(3).compactMap { further($0, limit: limit) })
    }
    if let choice = definition.choice,
      let other = tree.choices[choice].first(where: {
        $0 != question.symbol && config.state($0) == .y
      })
    {
      return question.answer(
        .choice, "only one option of its choice can be on, and that is \(other)",
        inTheWay: [other])
    }
    let open = unanswered(definition)
    if !open.isEmpty {
      return question.answer(
        .dropped, "depends on \(open.joined(separator: " and ")), which only the build answers")
    }
    if let range = definition.range {
      return question.answer(.valueDiffers, "its range is \(range)")
    }
    let place = "\(definition.file):\(definition.line)"
    return question.answer(
      .valueDiffers,
      "its dependencies hold, so the wish did not reach the configuration or was overwritten; "
        + "see \(place)")
  }

  private func tooHigh(
    _ question: Question, _ definitions: [KconfigTree.Definition], wanted: Tristate
  ) -> KconfigExplanation {
    let selectors = (tree.selections[question.symbol] ?? []).filter { selection in
      !selection.isImply && strength(selection) > wanted
    }.map(\.selector).uniqued()
    if !selectors.isEmpty {
      return question.answer(.forced, "selected by \(list(selectors))", inTheWay: selectors)
    }
    let isModular = definitions.contains { $0.type == "tristate" }
    if wanted == .m, !isModular {
      return question.answer(.notModular, "it is only on or off, it cannot be a module")
    }
    if wanted == .m, config.tristate("MODULES") == .n {
      return question.answer(
        .notModular, "this kernel has no loadable modules (MODULES=n)", inTheWay: ["MODULES"])
    }
    guard let definition = best(definitions, wanted: wanted) else {
      return question.answer(
        .noPrompt, "cannot be set by hand: it has no prompt, and its default is \(question.got)")
    }
    if let choice = definition.choice {
      let others = tree.choices[choice].filter { $0 != question.symbol }
      return question.answer(
        .choice, "one option of its choice must be on; switch on another: \(list(others))")
    }
    let hidden = failing(definition, limit: .m)
    if !hidden.isEmpty {
      return question.answer(
        .noPrompt,
        "its prompt is hidden, so its default counts; the prompt needs "
          + hidden.map { render($0.expression) }.uniqued().joined(separator: " and "),
        inTheWay: hidden.flatMap { $0.expression.symbols }.uniqued())
    }
    let open = unanswered(definition)
    if !open.isEmpty {
      return question.answer(
        .noPrompt,
        "its prompt needs \(open.joined(separator: " and ")), which only the build answers")
    }
    return question.answer(
      .valueDiffers,
      "nothing selects it, so the wish did not reach the configuration or was overwritten; see "
        + "\(definition.file):\(definition.line)")
  }

  private func withoutPrompt(_ question: Question) -> KconfigExplanation {
    let selectors = (tree.selections[question.symbol] ?? []).map(\.selector).uniqued()
    let who =
      selectors.isEmpty
      ? "and nothing selects it: its default is what counts"
      : "it is selected by \(list(selectors))"
    return question.answer(
      .noPrompt, "cannot be set by hand: it has no prompt, \(who)", inTheWay: selectors)
  }

  private func unknown(_ question: Question) -> KconfigExplanation {
    let places = KconfigSearch.architectures(defining: question.symbol, tree: tree)
    if !places.isEmpty {
      return question.answer(
        .otherArchitecture,
        "this kernel is for \(tree.architecture), and only \(places.joined(separator: ", ")) has it"
      )
    }
    let near = KconfigSearch.near(question.symbol, among: tree.symbols)
    let hint = near.isEmpty ? "" : "; near names: \(near.joined(separator: ", "))"
    return question.answer(.unknownSymbol, "this tree has no such symbol\(hint)")
  }

  /// One level down: why a symbol that is in the way is as low as it is.
  private func further(_ symbol: String, limit: Tristate) -> String? {
    guard let definitions = tree.definitions[symbol] else {
      return "\(symbol) is not a symbol of this tree"
    }
    guard config.tristate(symbol) < limit else { return nil }
    guard let definition = best(definitions, wanted: limit) else {
      let selectors = (tree.selections[symbol] ?? []).map(\.selector).uniqued()
      return selectors.isEmpty
        ? "\(symbol) has no prompt: its default is what counts"
        : "\(symbol) has no prompt: it is selected by \(list(selectors))"
    }
    let failing = failing(definition, limit: self.limit(definition, wanted: limit))
    if failing.isEmpty { return "\(symbol) can be set" }
    return "\(symbol) depends on "
      + failing.map { render($0.expression) }.uniqued().joined(separator: " and ")
  }
}

// MARK: - Evaluation

extension KconfigExplainer {
  private struct Term {
    let expression: KconfigExpression
    let worth: Tristate
    let isPromptOnly: Bool
  }

  /// A yes-or-no symbol is content with a dependency that is m.
  private func limit(_ definition: KconfigTree.Definition, wanted: Tristate) -> Tristate {
    definition.type == "tristate" || definition.type == nil ? max(wanted, .m) : .m
  }

  private func conditions(
    _ definition: KconfigTree.Definition
  ) -> [(expression: KconfigExpression, isPromptOnly: Bool)] {
    func parse(_ condition: KconfigTree.Condition, _ isPromptOnly: Bool) -> [(
      expression: KconfigExpression, isPromptOnly: Bool
    )] {
      (KconfigExpression.parse(condition.text)?.conjuncts ?? []).map { ($0, isPromptOnly) }
    }
    return definition.conditions.reversed().flatMap { parse($0, false) }
      + definition.promptConditions.reversed().flatMap { parse($0, true) }
  }

  private func failing(_ definition: KconfigTree.Definition, limit: Tristate) -> [Term] {
    let terms = conditions(definition).compactMap { part -> Term? in
      guard let worth = part.expression.evaluate(config), worth < limit else { return nil }
      return Term(expression: part.expression, worth: worth, isPromptOnly: part.isPromptOnly)
    }
    // What fails altogether explains more than what only caps.
    let dead = terms.filter { $0.worth == .n }
    return dead.isEmpty ? terms : dead
  }

  private func unanswered(_ definition: KconfigTree.Definition) -> [String] {
    conditions(definition).filter { $0.expression.evaluate(config) == nil }
      .map { "\($0.expression)" }.uniqued()
  }

  /// Of the definitions with a prompt, the one with the least in its way; nil without any prompt.
  private func best(
    _ definitions: [KconfigTree.Definition], wanted: Tristate
  ) -> KconfigTree.Definition? {
    definitions.filter { $0.prompt != nil }.min { left, right in
      failing(left, limit: limit(left, wanted: wanted)).count
        < failing(right, limit: limit(right, wanted: wanted)).count
    }
  }

  private func strength(_ selection: KconfigTree.Selection) -> Tristate {
    let selector = config.tristate(selection.selector)
    guard let text = selection.condition else { return selector }
    guard let condition = KconfigExpression.parse(text)?.evaluate(config) else { return selector }
    return min(selector, condition)
  }
}

// MARK: - Words

extension KconfigExplainer {
  private struct Question {
    let symbol: String
    let asked: String
    let got: String

    func answer(
      _ cause: KconfigExplanation.Cause, _ reason: String, inTheWay: [String] = [],
      further: [String] = []
    ) -> KconfigExplanation {
      KconfigExplanation(
        symbol: symbol, asked: asked, got: got, cause: cause,
        sentence: "\(symbol)=\(asked) asked, \(got) got: \(reason)", inTheWay: inTheWay,
        further: further)
    }
  }

  /// A symbol's value for people; what is not written is n.
  private func shown(_ symbol: String) -> String {
    switch config.state(symbol) {
    case .y: "y"
    case .m: "m"
    case .n, .absent, .unreadable: "n"
    case .value(let text): text
    }
  }

  /// `VFIO (=n)`, or `A || B (A=n, B=n)`.
  private func render(_ expression: KconfigExpression) -> String {
    if case .symbol(let name) = expression, expression.symbols == [name] {
      return tree.has(name) ? "\(name) (=\(shown(name)))" : "\(name) (not in this tree)"
    }
    let values = expression.symbols.map { "\($0)=\(shown($0))" }
    return values.isEmpty ? "\(expression)" : "\(expression) (\(values.joined(separator: ", ")))"
  }

  /// Up to four symbols with their values, those that are on first.
  private func list(_ symbols: [String]) -> String {
    let sorted = symbols.enumerated().sorted { left, right in
      let (a, b) = (config.tristate(left.element), config.tristate(right.element))
      return a != b ? a > b : left.offset < right.offset
    }.map(\.element)
    let first = sorted.prefix(4).map { "\($0) (=\(shown($0)))" }.joined(separator: ", ")
    return sorted.count > 4 ? "\(first) and \(sorted.count - 4) more" : first
  }
}

extension Tristate {
  init?(_ letter: String) {
    switch letter {
    case "y": self = .y
    case "m": self = .m
    case "n": self = .n
    default: return nil
    }
  }
}

extension Array where Element: Hashable {
  /// Each element once, in order.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
