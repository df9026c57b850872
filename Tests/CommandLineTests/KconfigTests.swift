import Foundation
import Testing

/// `kconfig` reads a source tree and configurations, and changes nothing.
@Suite struct KconfigTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try FileManager.default.createDirectory(
      atPath: (sandbox.path + "/tree"), withIntermediateDirectories: true)
    try """
    menu "Devices"
    config VFIO
    \ttristate "VFIO"
    config VFIO_PCI
    \ttristate "VFIO for PCI"
    \tdepends on VFIO && PCI
    endmenu
    config PCI
    \tbool "PCI"

    """.write(toFile: (sandbox.path + "/tree/Kconfig"), atomically: true, encoding: .utf8)
  }

  private func config(_ text: String, _ name: String = "config") throws -> String {
    let path = (sandbox.path + "/" + name)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func why(_ symbol: String, _ config: String, _ more: String...) throws -> Answer {
    try sandbox.run(
      [
        Pawl.program, "kconfig", "why", symbol, "--source", (sandbox.path + "/tree"), "--config",
        config,
      ]
        + more)
  }

  @Test func whatIsInTheWayIsNamedWithItsValue() throws {
    let file = try config("CONFIG_PCI=y\n# CONFIG_VFIO is not set\n")
    let answer = try why("CONFIG_VFIO_PCI=m", file)
    #expect(answer.status == 1, "\(answer)")
    #expect(answer.output.contains("VFIO_PCI=m asked, n got: depends on VFIO (=n)"), "\(answer)")
    let json = try JSON(try why("VFIO_PCI", file, "--json").output)
    #expect(try json["explanation"]["cause"].string == "dropped")
    #expect(try json["explanation"]["in_the_way"].list.count == 1)
  }

  @Test func aModuleInTheWayCapsWhatWasAskedAsBuiltIn() throws {
    let file = try config("CONFIG_PCI=y\nCONFIG_VFIO=m\nCONFIG_VFIO_PCI=m\n")
    let json = try JSON(try why("VFIO_PCI=y", file, "--json").output)
    #expect(try json["explanation"]["cause"].string == "capped")
    #expect(try why("VFIO_PCI=m", file).status == 0)
  }

  @Test func withoutASourceTreeItSaysWhereItLooked() throws {
    let file = try config("CONFIG_PCI=y\n")
    let answer = try sandbox.run(
      [
        Pawl.program, "kconfig", "why", "PCI", "--source", (sandbox.path + "/none"), "--config",
        file,
      ])
    #expect(answer.status == 66, "\(answer)")
    #expect(answer.complaint.first?.contains((sandbox.path + "/none")) == true)
  }

  @Test func twoConfigurationsAreComparedOptionByOption() throws {
    let first = try config("CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=\"x\"\n", "first")
    let second = try config("CONFIG_A=m\nCONFIG_C=\"x\"\nCONFIG_D=5\n", "second")
    let answer = try sandbox.run([Pawl.program, "kconfig", "diff", first, second])
    #expect(answer.status == 1, "\(answer)")
    #expect(answer.output == " A y -> m\n-B n\n+D 5\n", "\(answer)")
    #expect(try sandbox.run([Pawl.program, "kconfig", "diff", first, first]).status == 0)
    #expect(
      try sandbox.run([Pawl.program, "kconfig", "diff", first, (sandbox.path + "/no")]).status == 66
    )
  }
}
