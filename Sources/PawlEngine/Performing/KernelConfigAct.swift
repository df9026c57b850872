import PawlHost
import PawlJournal
import PawlModel

/// Changes options of a kernel configuration and believes nobody: the file is edited, completed
/// by `olddefconfig`, and read again. An option that did not stick fails the step with the
/// reason, now, and not after an hour of building.
struct KernelConfigAct {
  let performer: Performer

  private var context: RunnerContext { performer.context }
  private var identity: Identity { performer.step.frozen.runsAs }

  func run(
    source: String, build: String, set: [String: String], make: Command
  ) throws -> ActResult {
    let path = build + "/.config"
    guard case .file = try context.host.state(at: path) else {
      return .untouched(because: "There is no configuration at \(path).")
    }
    let folder = BuildFolder(
      performer: performer, directory: build, command: make, writesConfiguration: true)
    if case .unfit(let why) = try folder.makeFit() { return .untouched(because: why) }
    let (bytes, present) = try read(path)
    if let problem = try performer.keep(present, at: path) { return .untouched(because: problem) }
    var config = KernelConfigText(bytes: bytes)
    let clearable = set.filter { $0.value == "clear-if-missing" }.map(\.key)
    let set = set.filter { $0.value != "clear-if-missing" }
    let cleared = try clearMissingKeyFiles(in: &config, source: source, asked: clearable)
    for (symbol, value) in set.sorted(by: { $0.key < $1.key }) { config.set(symbol, to: value) }
    _ = try context.host.publish(
      at: path, metadata: nil, mode: nil, replacing: present, as: identity
    ) { try $0(config.bytes) }
    var result = try ProgramAct(performer: performer).run(make)
    result.notes += cleared
    result.touchedFiles = true
    guard result.exit.succeeded else {
      if result.exit.ending != .stopped { try folder.close() }
      return result
    }
    let (completed, left) = try read(path)
    let after = KernelConfigText(bytes: completed)
    let dropped = droppedOptions(set, after: after, source: source)
    if !dropped.isEmpty { result.failure = dropped.joined(separator: " ") }
    result.changes = [FileChange(path: path, after: left)]
    try folder.close()
    return result
  }

  /// The very bytes that are edited, with the state they had: what stands there by the time they
  /// are replaced must still be this.
  private func read(_ path: String) throws -> ([UInt8], FileState) {
    var bytes: [UInt8] = []
    let state = try context.host.read(at: path, as: identity) { chunk in
      bytes += chunk
      guard bytes.count <= 16 << 20 else {
        throw PawlError(.stepFailed, "\(path) is larger than any kernel configuration.")
      }
    }
    return (bytes, state)
  }

  private func droppedOptions(
    _ set: [String: String], after: KernelConfigText, source: String
  ) -> [String] {
    set.sorted { $0.key < $1.key }.compactMap { symbol, asked in
      let got = after.value(of: symbol) ?? "n"
      guard !KernelConfigText.same(asked, got) else { return nil }
      let option = DroppedOption(
        symbol: symbol, asked: asked, got: got, source: source, config: after.bytes)
      return context.explainOption(option)
        ?? "\(symbol)=\(asked) asked, \(got) got: the tree gives no reason."
    }
  }

  /// Distributions name key files that only their own package has; the build would end at them.
  /// `clear-if-missing` asks for exactly that look.
  private func clearMissingKeyFiles(
    in config: inout KernelConfigText, source: String, asked: [String]
  ) throws -> [Note] {
    var notes: [Note] = []
    for symbol in asked.sorted() {
      guard let value = config.value(of: symbol), value != "\"\"" else { continue }
      let file = value.filter { $0 != "\"" }
      let path = file.hasPrefix("/") ? file : "\(source)/\(file)"
      guard try context.host.state(at: path) == .absent else { continue }
      config.set(symbol, to: "\"\"")
      notes.append(
        Note(
          topic: "config",
          text: "\(symbol) named \(file), which is not in the source; it was cleared. Modules will "
            + "be signed by the build's own key."))
    }
    return notes
  }
}

/// A `.config`, edited by exact lines: `CONFIG_X=value` or `# CONFIG_X is not set`.
struct KernelConfigText {
  private var lines: [Substring]

  init(bytes: [UInt8]) {
    lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
  }

  var bytes: [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

  /// The value as written, quotes included; `n` where it is switched off in so many words; nil
  /// where the symbol is not mentioned.
  func value(of symbol: String) -> String? {
    let prefix = "CONFIG_\(symbol)="
    let off = "# CONFIG_\(symbol) is not set"
    for line in lines.reversed() {
      if line.hasPrefix(prefix) { return String(line.dropFirst(prefix.count)) }
      if line == off { return "n" }
    }
    return nil
  }

  mutating func set(_ symbol: String, to value: String) {
    let prefix = "CONFIG_\(symbol)="
    let off = "# CONFIG_\(symbol) is not set"
    let line = value == "n" ? off : prefix + Self.quoted(value)
    lines.removeAll { $0.hasPrefix(prefix) || $0 == off }
    lines.append(Substring(line))
  }

  /// Tristates, numbers and what is quoted already stay; other words become strings.
  private static func quoted(_ value: String) -> String {
    let isNumber =
      Int(value) != nil || (value.hasPrefix("0x") && Int(value.dropFirst(2), radix: 16) != nil)
    if ["y", "m"].contains(value) || isNumber || value.hasPrefix("\"") { return value }
    let escaped = value.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
    return "\"\(String(escaped))\""
  }

  static func same(_ asked: String, _ got: String) -> Bool {
    asked == got || quoted(asked) == got
  }
}
