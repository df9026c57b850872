import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("On Alpine, whose generator makes the menu anew, a kernel is tried once all the same")
struct AlpineExtlinuxTests {
  private let fixture: ExtlinuxFixture
  private var ground: LoaderGround { fixture.ground }
  private var loader: Extlinux { fixture.loader }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }
  private let fragment = UpdateExtlinuxStandIn.fragment

  init() throws { fixture = try ExtlinuxFixture(.alpine) }

  @Test("it keeps", arguments: LoaderContract.promises)
  func keeps(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try ExtlinuxFixture(.alpine) })
  }

  @Test("it can")
  func able() { #expect(loader.oneShotAbility() == .able) }

  @Test("a kernel is added without the generator, which takes the menu away for a moment")
  func added() throws {
    for _ in 0..<2 { try loader.addKernel(fixture.new, with: tool) }
    #expect(ground.record.isEmpty)
    let entry = try #require(try loader.distributionEntry(of: fixture.new))
    #expect(entry.image == "/boot/vmlinuz-\(fixture.new)")
    #expect(entry.initrds == ["/boot/initramfs-\(fixture.new)"])
    #expect(entry.commandLine == "root=UUID=5ca1ab1e modules=ext4 quiet")
    #expect(try loader.distributionEntry(of: fixture.running)?.id == "lts")
    #expect(try loader.plainChoice()?.id == "lts")
    try loader.removeKernel(fixture.new, with: tool)
    #expect(!fixture.root.exists(fragment))
  }

  @Test("a menu that is made anew while armed has the trial, and the way back as its choice")
  func madeAnew() throws {
    let wanted = try trial()
    try loader.write(wanted, with: tool)
    try loader.setOneShot(PawlEntries.trialID, with: tool)
    try tool.run(["update-extlinux"])
    #expect(try loader.plainChoice()?.id == PawlEntries.fallbackID)
    #expect(try loader.oneShot() == PawlEntries.trialID)
    #expect(try loader.entries().contains { $0.id == PawlEntries.trialID })
    #expect(refusal { try loader.verify(wanted) }?.message.contains("The first entry is") == true)
    try loader.write(wanted, with: tool)
    #expect(try loader.oneShot() == PawlEntries.trialID)
  }

  @Test("the promoted kernel stays the choice when a package has the menu made anew")
  func promoted() throws {
    try loader.addKernel(fixture.new, with: tool)
    var wanted = try trial()
    (wanted.trial, wanted.token) = (nil, nil)
    wanted.promoted = try loader.distributionEntry(of: fixture.new)
    try loader.write(wanted, with: tool)
    try tool.run(["update-extlinux"])
    #expect(try loader.plainChoice()?.image == "/boot/vmlinuz-\(fixture.new)")
  }

  @Test("what is taken back does not come again by the generator")
  func withdrawn() throws {
    let before = try ground.text(UpdateExtlinuxStandIn.config)
    try loader.write(trial(), with: tool)
    try loader.write(nil, with: tool)
    #expect(try ground.text(UpdateExtlinuxStandIn.config) == before)
    try tool.run(["update-extlinux"])
    #expect(try !loader.entries().contains { $0.id.hasPrefix("pawl") })
  }

  @Test("without its part of the next menu nothing is believed")
  func fragmentGone() throws {
    let wanted = try trial()
    try loader.write(wanted, with: tool)
    try ground.remove(fragment)
    #expect(refusal { try loader.verify(wanted) }?.message.contains(fragment) == true)
    try loader.write(wanted, with: tool)
    #expect(fixture.root.exists(fragment))
  }

  /// The generator gave two kernels the label of the default once: one of them a copy of Pawl's, by a path
  /// that did not exist.
  @Test("a copy of the running kernel is not taken for another kernel")
  func copies() throws {
    let name = loader.copyName(of: "vmlinuz-lts")
    try ground.lay("/boot/pawl/fallback-\(fixture.running)/\(name)", "image")
    try tool.run(["update-extlinux"])
    #expect(try loader.entries().filter { $0.id == "lts" }.count == 1)
    #expect(try loader.entries().count == 2)
  }

  private func trial() throws -> PawlEntries {
    for name in ["kernel-lts", "initramfs-lts"] {
      try ground.lay("/boot/pawl/fallback-x/\(name)", name)
    }
    func entry(_ id: String, _ image: String, _ initrd: String, _ line: String) -> BootEntry {
      BootEntry(id: id, title: id, image: image, initrds: [initrd], commandLine: line)
    }
    var wanted = PawlEntries(
      fallback: entry(
        PawlEntries.fallbackID, "/boot/pawl/fallback-x/kernel-lts",
        "/boot/pawl/fallback-x/initramfs-lts", "root=UUID=5ca1ab1e"), files: [:])
    wanted.trial = entry(
      PawlEntries.trialID, "/boot/vmlinuz-\(fixture.new)", "/boot/initramfs-\(fixture.new)",
      "root=UUID=5ca1ab1e panic=30 pawl.trial=5eed")
    wanted.token = "5eed"
    return wanted
  }
}
