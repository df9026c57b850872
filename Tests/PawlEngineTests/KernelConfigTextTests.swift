import Testing

@testable import PawlEngine

@Suite("A kernel configuration is edited by exact lines")
struct KernelConfigTextTests {
  private func text(_ lines: String...) -> KernelConfigText {
    KernelConfigText(bytes: Array((lines.joined(separator: "\n") + "\n").utf8))
  }

  private func lines(_ config: KernelConfigText) -> [String] {
    String(decoding: config.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("an option whose name begins with another's name is left alone")
  func prefixesAreOtherOptions() {
    var config = text("CONFIG_VFIO_PCI_CORE=m", "CONFIG_VFIO_PCI=m")
    config.set("VFIO_PCI", to: "y")
    #expect(lines(config) == ["CONFIG_VFIO_PCI_CORE=m", "CONFIG_VFIO_PCI=y"])
  }

  @Test("switching off is written as the kernel writes it, and leaves one line")
  func offIsOneLine() {
    var config = text("CONFIG_A=y", "CONFIG_A=m", "# CONFIG_B is not set")
    config.set("A", to: "n")
    config.set("B", to: "y")
    #expect(lines(config) == ["# CONFIG_A is not set", "CONFIG_B=y"])
  }

  @Test(
    "words are quoted, tristates and numbers are not",
    arguments: [
      ("-pawl1", "\"-pawl1\""), ("y", "y"), ("m", "m"), ("1000", "1000"), ("0xff", "0xff"),
      ("\"done\"", "\"done\""), ("a\"b", "\"a\\\"b\""), ("", "\"\""),
    ])
  func quoting(value: String, written: String) {
    var config = text()
    config.set("X", to: value)
    #expect(config.value(of: "X") == written)
    #expect(KernelConfigText.same(value, written))
  }

  @Test("an option that is not mentioned has no value, one that is off has n")
  func absentIsNotOff() {
    let config = text("# CONFIG_OFF is not set")
    #expect(config.value(of: "OFF") == "n")
    #expect(config.value(of: "MISSING") == nil)
  }
}
