import PawlModel
import Testing

@testable import PawlRecipes

@Suite struct ReaderTests {
  @Test("The recipe of the format's description reads, and lints without a word")
  func readsDescribedFormat() throws {
    let bytes = try Fixtures.bytes("good/vfio.yaml")
    #expect(RecipeLinter.lint(bytes: bytes, fileName: "vfio.yaml").isEmpty)
    let recipe = try Recipe.read(bytes: bytes).get()
    #expect(recipe.name == "vfio_pci_modprobe")
    #expect(recipe.steps.map(\.id) == ["load", "persist-module-on-boot", "reboot-required"])
    #expect(recipe.steps[0].timeoutSeconds == 60)
    #expect(recipe.steps[0].effects == .volatile)
    #expect(recipe.steps[0].interrupted == .check)
    #expect(recipe.steps[1].action.kind == "write_file")
  }

  @Test("JSON reads like YAML, tabs included")
  func readsJSON() throws {
    let bytes = try Fixtures.bytes("good/persist.json")
    #expect(RecipeLinter.lint(bytes: bytes, fileName: "persist.json").isEmpty)
    #expect(try Recipe.read(bytes: bytes).get().steps.map(\.id) == ["persist-dummy"])
  }

  @Test("A value in quotes is text, whatever it looks like")
  func keepsQuotedText() throws {
    let yaml = withSteps(
      "  - {label: x, risk: low, command: [echo, \"null\", 'false', \"0x7f\", 007, ~user]}\n")
    guard case .command(let argv) = try recipe(yaml).steps[0].action else { return }
    #expect(argv.map(\.raw) == ["echo", "null", "false", "0x7f", "007", "~user"])
  }

  @Test("Anchors are allowed, and an alias bomb ends in a sentence")
  func boundsAliases() throws {
    let shared = withSteps(
      "  - {label: x, risk: low, command: [true], environment: &e {A: b}}\n"
        + "  - {label: y, risk: low, command: [true], environment: *e}\n")
    #expect(try recipe(shared).steps[1].environment["A"]?.raw == "b")

    var bomb = "a0: &a0 [x, x]\n"
    for level in 1..<10 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    for level in 10..<16 { bomb += "a\(level): &a\(level) [*a9, *a9]\n" }
    for text in [bomb, String(repeating: "- *a\n", count: 33)] {
      let findings = RecipeLinter.lint(bytes: Array(text.utf8), fileName: "bomb")
      #expect(findings.contains { $0.severity == .error })
    }
    var many = "x: &x [1, 1, 1, 1, 1, 1, 1, 1]\n"
    var name = "x"
    for level in 0..<5 {
      let uses = Array(repeating: "*\(name)", count: 6).joined(separator: ", ")
      many += "y\(level): &y\(level) [\(uses)]\n"
      name = "y\(level)"
    }
    let findings = RecipeLinter.lint(bytes: Array(many.utf8), fileName: "bomb")
    #expect(findings.contains { $0.severity == .error })
  }

  @Test("A file that is too large, or not UTF-8, is refused in words")
  func boundsBytes() {
    let large = [UInt8](repeating: UInt8(ascii: "a"), count: TreeReader.maximumBytes + 1)
    #expect(
      RecipeLinter.lint(bytes: large, fileName: "x").first?.message.contains("at most") == true)
    let latin = Array("name: caf".utf8) + [0xe9]
    #expect(
      RecipeLinter.lint(bytes: latin, fileName: "x").first?.message.contains("UTF-8") == true)
  }

  @Test("Tags, empty keys, lists as keys and nulls are answered, never trapped on")
  func answersOddYAML() {
    let odd = [
      "!!binary aGVsbG8=", "name: !!binary \"!!!\"", "? [a, b]\n: c", "? {a: b}\n: c", ": x", "? ",
      "{}", "[]", "~", "- - - -", "&a", "*a", "&a a: *a", "!<tag:x> a", "%YAML 9.9\n--- a",
      "--- |\n  x\n--- y", "...", "\u{feff}name: x", "name: 1e999", "steps: [~, [], {}, 1]",
      "name: {a: b}\nsteps: 99999999999999999999", "{name: a, name: b, [c]: d, [c]: e}",
      "parameters: {~: {}, [a]: {}}", "steps:\n  - ~: x\n", "\"\\uD800\"", "a: \"\\x\"",
      "steps: [{command: [~]}]", "steps: [{environment: {~: ~}}]", "<<: {name: x}",
      "steps: [{timeout: \"\\u0661s\"}]", "steps: [{label: \"\\u0130\\u0307\", risk: low}]",
    ]
    for text in odd {
      _ = RecipeLinter.lint(bytes: Array(text.utf8), fileName: "odd")
      let result = Recipe.read(bytes: Array(text.utf8))
      #expect(throws: PawlError.self) { try result.get() }
    }
  }

  @Test("Every prefix of a shipped recipe, and many with one byte changed, is answered")
  func answersDamage() throws {
    let bytes = try #require(ShippedRecipes.named("kernel-rebuild")).bytes
    for length in stride(from: 0, to: bytes.count, by: 23) {
      _ = Recipe.read(bytes: Array(bytes[..<length]))
    }
    var random = SplitMix(state: 7)
    for _ in 0..<400 {
      var copy = bytes
      for _ in 0..<(1 + Int(random.next() % 4)) {
        copy[Int(random.next() % UInt64(copy.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = Recipe.read(bytes: copy)
    }
  }

  @Test("The largest files of the most awkward shapes are answered in bounded time")
  func answersLargeFiles() {
    let size = TreeReader.maximumBytes
    func filled(_ head: String, _ piece: (Int) -> String) -> [UInt8] {
      var bytes = Array(head.utf8)
      var index = 0
      while true {
        let next = Array(piece(index).utf8)
        guard bytes.count + next.count <= size else { return bytes }
        bytes += next
        index += 1
      }
    }
    let shapes: [[UInt8]] = [
      filled("") { "key\($0): a\n" }, filled("steps:\n") { _ in "  - a\n" },
      filled("") { _ in "[" }, filled("") { _ in "- " }, filled("[") { _ in "[]," },
      filled("steps: [{command: [") { "\"{{a\($0)}}\"," } + Array("x]}]".utf8),
      filled("name: \"") { _ in "{{" } + Array("\"".utf8),
      filled("name: x\nsteps: [{label: \"{{root") { _ in " " } + Array("}}\"}]".utf8),
      filled("? [") { _ in "a," } + Array("]\n: b\n".utf8),
      filled("parameters: {a: {pattern: \"(a*)*b\", default: \"") { _ in "a" }
        + Array("\"}}".utf8),
    ]
    for bytes in shapes {
      let start = ContinuousClock.now
      _ = Recipe.read(bytes: Array(bytes.prefix(size)))
      #expect(ContinuousClock.now - start < .seconds(120))
    }
  }

  @Test("Durations and modes are read exactly")
  func readsQuantities() {
    #expect(Quantities.seconds("60s") == 60)
    #expect(Quantities.seconds("10m") == 600)
    #expect(Quantities.seconds("2h") == 7200)
    for bad in ["", "s", "1", "1d", "-1s", "1.5h", "1 h", "0s", "169h", "9999999s", "１s"] {
      #expect(Quantities.seconds(bad) == nil, "\(bad)")
    }
    #expect(Quantities.mode("0644") == 0o644)
    #expect(Quantities.mode("755") == 0o755)
    for bad in ["", "64", "0888", "4755", "01777", "u+x", "00644"] {
      #expect(Quantities.mode(bad) == nil, "\(bad)")
    }
  }

  @Test("Ids come from labels, in lower case with dashes")
  func derivesIDs() {
    #expect(StepNames.derived(from: "Load vfio-pci module") == "load-vfio-pci-module")
    #expect(StepNames.derived(from: "  Übung: {{x}}! ") == "bung-x")
    #expect(StepNames.derived(from: "…") == "")
    #expect(StepNames.derived(from: String(repeating: "ab ", count: 60)).utf8.count <= 64)
  }
}

/// A small generator: the same numbers every time.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
