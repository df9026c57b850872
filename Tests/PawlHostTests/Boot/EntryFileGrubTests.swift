import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("openSUSE's GRUB without a menu file starts what Pawl wants, where it says that it can")
struct EntryFileGrubTests {
  private let fixture: SystemdBootFixture
  private var ground: LoaderGround { fixture.ground }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }
  private var loader: EntryFileGrub {
    EntryFileGrub(root: fixture.root, files: LiveHost(), identity: fixture.identity)
  }
  private let block = "/boot/efi/EFI/opensuse/grubenv"
  private let entries = "/boot/efi/loader/entries/"

  init() throws { fixture = try SystemdBootFixture(.suseGrub) }

  @Test("it keeps", arguments: LoaderContract.promises)
  func keeps(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try SystemdBootFixture(.suseGrub) })
  }

  @Test("it is what is found where LOADER_TYPE says so")
  func found() {
    let found = BootLoaders.detect(root: fixture.root, files: LiveHost())
    #expect(found is EntryFileGrub)
    #expect(found?.oneShotAbility() == .able)
  }

  @Test("an older one, which takes no entry to start once, is said to be none for a trial")
  func unable() throws {
    try ground.remove(SystemdBootFixture.path("LoaderFeatures"))
    guard case .unable(let sentences) = loader.oneShotAbility() else {
      Issue.record("it is able")
      return
    }
    #expect(sentences.contains { $0.contains("GRUB 2.12") && $0.contains("start an entry once") })
  }

  @Test(
    "its own entries come before all that sdbootutil names, and have their files by those names")
  func names() throws {
    let wanted = try pinned(commandLine: "root=/dev/sda2")
    try loader.write(wanted, with: tool)
    #expect(try loader.entries().first?.id == PawlEntries.fallbackID)
    #expect(fixture.root.exists(entries + "z-pawl-fallback.conf"))
    #expect(ground.record == ["bootctl set-default z-pawl-fallback.conf"])
    try ground.lay(entries + "zz.conf", "linux /pawl/fallback-x/vmlinuz\n")
    #expect(refusal { try loader.verify(wanted) }?.message.contains("zz.conf") == true)
  }

  @Test("a word of GRUB's script in a command line is refused before anything is written")
  func script() throws {
    let wanted = try pinned(commandLine: "root=/dev/sda2 memmap=10M$1G")
    #expect(refusal { try loader.write(wanted, with: tool) }?.message.contains("a $") == true)
    #expect(!fixture.root.exists(entries + "z-pawl-fallback.conf"))
    #expect(ground.record.isEmpty)
  }

  @Test("what it starts by itself: the firmware's default, that of its block, the first by name")
  func plainChoice() throws {
    try loader.addKernel(fixture.new, with: tool)
    // Numbers are newer than words: 6.1.0-40 comes before 6.1.0-pawl1.
    #expect(try loader.plainChoice()?.id.contains(fixture.running) == true)
    let new = SdbootutilStandIn.entry(of: fixture.new, prefix: "system-")
    for value in [new, new + ".conf"] {
      try layBlock("default=\(value)")
      #expect(try loader.plainChoice()?.id == new + ".conf")
    }
    let running = SdbootutilStandIn.entry(of: fixture.running, prefix: "system-")
    try fixture.setVariable("LoaderEntryDefault", running + ".conf")
    #expect(try loader.plainChoice()?.id == running + ".conf")
    try fixture.setVariable("LoaderEntryDefault", "gone.conf")
    #expect(try loader.plainChoice()?.id == new + ".conf")
  }

  @Test("a menu that waits for ever would never come back by itself", arguments: ["-1", nil])
  func waits(_ timeout: String?) throws {
    if let timeout {
      try layBlock("timeout=\(timeout)")
    } else {
      try fixture.setVariable("LoaderConfigTimeout", "menu-force")
    }
    #expect(try loader.plainChoice() == nil)
    #expect(loader.oneShotAbility() != .able)
  }

  private func layBlock(_ line: String) throws {
    let text = "# GRUB Environment Block\n\(line)\n"
    try ground.lay(block, text.padding(toLength: 1024, withPad: "#", startingAt: 0))
  }

  private func pinned(commandLine: String) throws -> PawlEntries {
    for name in ["vmlinuz", "initrd"] { try ground.lay("/boot/efi/pawl/fallback-x/\(name)", name) }
    let fallback = BootEntry(
      id: PawlEntries.fallbackID, title: "kept", image: "/boot/efi/pawl/fallback-x/vmlinuz",
      initrds: ["/boot/efi/pawl/fallback-x/initrd"], commandLine: commandLine)
    return PawlEntries(fallback: fallback, files: [:])
  }
}
