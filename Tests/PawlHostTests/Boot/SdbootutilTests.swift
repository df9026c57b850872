import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("sdbootutil is given the kernel that was built, and no initramfs stays to be taken again")
struct SdbootutilTests {
  private let fixture: SystemdBootFixture
  private var ground: LoaderGround { fixture.ground }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }
  private let folder = "/usr/lib/modules/\(LoaderGround.new)/"

  init() throws { fixture = try SystemdBootFixture(.suse) }

  @Test("it takes the initramfs that was looked at, and is not asked again for what is there")
  func arguments() throws {
    for _ in 0..<2 { try fixture.loader.addKernel(fixture.new, with: tool) }
    #expect(ground.record == ["sdbootutil add-kernel \(fixture.new)"])
    let entry = try #require(try fixture.loader.distributionEntry(of: fixture.new))
    #expect(try ground.text(#require(entry.initrds.first)) == "initrd of \(fixture.new)")
    #expect(entry.commandLine == SdbootutilStandIn.commandLine)
    #expect(fixture.root.exists(folder + "vmlinuz"))
    #expect(!fixture.root.exists(folder + "initrd"))
  }

  @Test("what is removed leaves nothing in its modules' folder")
  func removal() throws {
    try fixture.loader.addKernel(fixture.new, with: tool)
    for _ in 0..<2 { try fixture.loader.removeKernel(fixture.new, with: tool) }
    #expect(ground.record.last == "sdbootutil remove-kernel \(fixture.new)")
    #expect(ground.record.count == 2)
    #expect(!fixture.root.exists(folder + "vmlinuz"))
    #expect(try fixture.loader.distributionEntry(of: fixture.running) != nil)
  }

  @Test("cut off before it was asked, its image and initramfs are taken away again")
  func traces() throws {
    for name in ["vmlinuz", "initrd"] { try ground.lay(folder + name, "half") }
    try fixture.loader.removeKernel(fixture.new, with: tool)
    #expect(ground.record.isEmpty)
    #expect(!fixture.root.exists(folder + "vmlinuz"))
    #expect(!fixture.root.exists(folder + "initrd"))
  }

  @Test("a copy with other bytes than /boot has fails the step, and is made again")
  func tornCopy() throws {
    let tearing = ground.tool(processes: LiveHost(), adding: ["FIXTURE_TORN": "1"])
    let error = refusal { try fixture.loader.addKernel(fixture.new, with: tearing) }
    #expect(error?.code == .stepFailed)
    try fixture.loader.addKernel(fixture.new, with: tool)
    #expect(try fixture.loader.distributionEntry(of: fixture.new) != nil)
  }

  @Test("of a kernel's entries for several snapshots, the one of this root is meant")
  func snapshots() throws {
    let id = SdbootutilStandIn.entry(of: fixture.running) + ".conf"
    #expect(try fixture.loader.distributionEntry(of: fixture.running)?.id == id)
    try ground.lay("/proc/self/mountinfo", mountLine(2, "/", type: "ext4") + espLine)
    let error = refusal { _ = try fixture.loader.distributionEntry(of: fixture.running) }
    #expect(error?.message.contains("2 entries") == true)
  }

  private var espLine: String { mountLine(1, "/boot/efi", type: "vfat") }

  @Test("Where the partition is short, it is not asked: it would remove entries of other systems")
  func noSpace() throws {
    let loader = SystemdBoot(
      root: fixture.root, files: LiveHost(), identity: fixture.identity, freeBytes: { _ in 1024 })
    #expect(refusal { try loader.addKernel(fixture.new, with: tool) }?.code == .refused)
    #expect(ground.record.isEmpty)
  }
}
