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

@Suite(
  "On openSUSE an initramfs that was tried is kept by sdbootutil, in whose place the way back is not"
)
struct SdbootutilInitramfsTests {
  private let fixture: SystemdBootFixture
  private let tried = "/boot/efi/pawl/early.img"
  private let kept = "/boot/efi/pawl/fallback-x/initrd-5ad"
  private var ground: LoaderGround { fixture.ground }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }
  private var folder: String { "/usr/lib/modules/\(fixture.running)/" }
  private var running: RunningInitramfs {
    RunningInitramfs(
      root: fixture.root, release: fixture.running, loader: fixture.loader, files: LiveHost())
  }

  init() throws {
    fixture = try SystemdBootFixture(.suse)
    // As its packages have it: no file of the running kernel in /boot.
    for name in ["vmlinuz", "initrd"] { try ground.remove("/boot/\(name)-\(fixture.running)") }
    try ground.lay(folder + "vmlinuz", "image of \(fixture.running)")
    try ground.lay(tried, "070701 with vfio-pci")
    try ground.lay(kept, "initrd of \(fixture.running)")
    let fallback = BootEntry(
      id: PawlEntries.fallbackID, title: "kept", image: "/x", initrds: [kept], commandLine: "")
    try EntriesFile(root: fixture.root, files: LiveHost())
      .write(PawlEntries(fallback: fallback, files: [:]))
  }

  private var inUse: String {
    get throws {
      let entry = try #require(try fixture.loader.distributionEntry(of: fixture.running))
      return try ground.text(#require(entry.initrds.last))
    }
  }

  @Test("it is in the entry of this root, byte for byte, and in that of no snapshot")
  func adopts() throws {
    for _ in 0..<2 { try running.adopt(tried, with: tool) }
    #expect(ground.record == ["sdbootutil add-kernel \(fixture.running)"])
    #expect(try inUse == "070701 with vfio-pci")
    #expect(!fixture.root.exists(folder + "initrd"))
    #expect(fixture.root.exists(folder + "vmlinuz"))
    let old = SdbootutilStandIn.entry(of: fixture.running, snapshot: "7") + ".conf"
    let other = try #require(try fixture.loader.entries().first { $0.id == old })
    #expect(try ground.text(#require(other.initrds.last)) == "initrd of \(fixture.running)")
  }

  @Test("cut off behind the program, nothing stays that it would take the next time")
  func cutOff() throws {
    try running.adopt(tried, with: tool)
    try ground.lay(folder + "initrd", "070701 with vfio-pci")
    try running.adopt(tried, with: tool)
    #expect(!fixture.root.exists(folder + "initrd"))
    #expect(ground.record.count == 1)
  }

  @Test("without a command line of the host's own it is refused before the trial")
  func commandLine() throws {
    func require() throws {
      try RunningInitramfs.requireKeepable(
        of: fixture.running, by: fixture.loader, below: fixture.root)
    }
    try require()
    try ground.remove("/etc/kernel/cmdline")
    #expect(refusal(require)?.message.contains("/etc/kernel/cmdline") == true)
  }

  @Test("taken back, the one that is kept as the way back is in its place")
  func takenBack() throws {
    try running.adopt(tried, with: tool)
    for _ in 0..<2 { try running.takeBack(tried, with: tool) }
    #expect(try inUse == "initrd of \(fixture.running)")
    #expect(!fixture.root.exists(folder + "initrd"))
  }
}
