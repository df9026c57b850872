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

@Suite("openSUSE's GRUB without a menu file has kernels added and removed, and starts none once")
struct EntryFileGrubTests {
  private let ground: LoaderGround
  private let block = "/boot/efi/EFI/opensuse/grubenv"
  private var tool: Tool { ground.tool(processes: LiveHost()) }
  private var loader: EntryFileGrub {
    EntryFileGrub(root: ground.root, files: LiveHost(), identity: LiveHost.ownIdentity())
  }

  init() throws {
    ground = try LoaderGround()
    try ground.lay(
      "/proc/self/mountinfo",
      mountLine(2, "/", type: "btrfs", root: "/" + SdbootutilStandIn.subvolume)
        + mountLine(1, "/boot/efi", type: "vfat"))
    try ground.lay("/boot/efi/EFI/opensuse/grub.efi", "loader")
    try SdbootutilStandIn.install(on: ground, loaderType: "grub2-bls", prefix: "system-")
  }

  @Test("it is what is found where LOADER_TYPE says so, and what it cannot is said")
  func found() throws {
    let found = BootLoaders.detect(root: ground.root, files: LiveHost())
    #expect(found is EntryFileGrub)
    guard case .unable(let sentences)? = found?.oneShotAbility() else {
      Issue.record("it is able")
      return
    }
    #expect(sentences.first?.contains("would start an entry once") == true)
  }

  @Test("a kernel is added and taken back, the one that runs untouched")
  func addsAndRemoves() throws {
    let before = try loader.entries()
    #expect(before.count == 2)
    try loader.addKernel(LoaderGround.new, with: tool)
    let entry = try #require(try loader.distributionEntry(of: LoaderGround.new))
    #expect(entry.id == SdbootutilStandIn.entry(of: LoaderGround.new, prefix: "system-") + ".conf")
    #expect(try loader.distributionEntry(of: LoaderGround.running) != nil)
    try loader.removeKernel(LoaderGround.new, with: tool)
    #expect(try loader.entries() == before)
    #expect(
      ground.record == [
        "sdbootutil add-kernel \(LoaderGround.new)", "sdbootutil remove-kernel \(LoaderGround.new)",
      ])
  }

  @Test("what it starts by itself is the default of its block, else the first by name")
  func plainChoice() throws {
    try loader.addKernel(LoaderGround.new, with: tool)
    // Numbers are newer than words: 6.1.0-40 comes before 6.1.0-pawl1.
    #expect(try loader.plainChoice()?.id.contains(LoaderGround.running) == true)
    let new = SdbootutilStandIn.entry(of: LoaderGround.new, prefix: "system-")
    for value in [new, new + ".conf"] {
      let text = "# GRUB Environment Block\ndefault=\(value)\n"
      try ground.lay(block, text.padding(toLength: 1024, withPad: "#", startingAt: 0))
      #expect(try loader.plainChoice()?.id == new + ".conf")
    }
  }

  @Test("nothing of Pawl's own is written, nor anything set once")
  func refuses() throws {
    let entry = try #require(try loader.plainChoice())
    let wanted = PawlEntries(fallback: entry, files: [:])
    #expect(refusal { try loader.write(wanted, with: tool) }?.code == .refused)
    #expect(refusal { try loader.verify(wanted) }?.code == .refused)
    #expect(refusal { try loader.setOneShot("x", with: tool) }?.code == .refused)
    try loader.write(nil, with: tool)
    try loader.clearOneShot(with: tool)
    #expect(try loader.oneShot() == nil)
    #expect(ground.record.isEmpty)
  }
}
