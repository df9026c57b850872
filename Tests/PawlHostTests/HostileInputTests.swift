import Foundation
import ParserFuzzing
import Testing

/// Inputs that fuzzing found worth keeping, and what once brought a parser down.
@Suite("Hostile inputs")
struct HostileInputTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/hostile")

  private func inputs(_ name: String) -> [URL] {
    let folder = Self.folder.appending(path: name)
    return
      (try? FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: nil)) ?? []
  }

  @Test("a parser takes whatever it is given, and soon", arguments: FuzzedParser.all.map(\.name))
  func takes(_ name: String) throws {
    let parser = try #require(FuzzedParser.named(name))
    let inputs = inputs(name)
    #expect(inputs.count >= 15, "the inputs of \(name) are in Fixtures/hostile")
    for input in inputs {
      let bytes = [UInt8](try Data(contentsOf: input))
      let time = ContinuousClock().measure { _ = parser.read(bytes) }
      #expect(time < .seconds(5), "\(input.lastPathComponent) takes \(time)")
    }
  }

  @Test("two hundred of them are kept")
  func count() {
    #expect(FuzzedParser.all.map { inputs($0.name).count }.reduce(0, +) >= 200)
  }

  @Test(
    "nesting without an end brings no menu down",
    arguments: ["submenu 'x' {\n", "menuentry 'x' {\n", "if [ a ]; then\n", "{ ", "${"])
  func deepMenu(piece: String) throws {
    let parser = try #require(FuzzedParser.named("grub-menu"))
    _ = parser.read(Array(String(repeating: piece, count: 50_000).utf8))
  }
}
