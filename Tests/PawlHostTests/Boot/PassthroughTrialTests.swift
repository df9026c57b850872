import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite(
  "The kernel that runs is tried with another initramfs, and its own stays until that is proven")
struct PassthroughTrialTests {
  private let host: RunningKernel
  private let tried = "/boot/pawl/vfio-\(LoaderGround.running).img"
  private let own = "/boot/initrd.img-\(LoaderGround.running)"
  private var fixture: GrubFixture { host.fixture }
  private var ground: LoaderGround { fixture.ground }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }
  private var menu: MenuChange { host.menu }

  init() throws {
    host = try RunningKernel()
    try menu.pin(RunningKernel.identity, isProven: true)
    try ground.lay(tried, "070701 with vfio-pci")
    try menu.addTrial(of: LoaderGround.running, token: "5eed", initramfs: tried)
  }

  private var running: RunningInitramfs {
    RunningInitramfs(
      root: fixture.root, release: LoaderGround.running, loader: fixture.loader, files: LiveHost())
  }

  private func adopt() throws { try running.adopt(tried, with: tool) }

  @Test("the trial has it, the way back and the kernel's own entry have not")
  func trial() throws {
    #expect(try host.entries?.trial?.initrds == [tried])
    #expect(try fixture.loader.entries().first { $0.id == PawlEntries.trialID }?.initrds == [tried])
    #expect(try fixture.loader.distributionEntry(of: LoaderGround.running)?.initrds == [own])
    let copy = "/boot/pawl/fallback-\(LoaderGround.running)/initrd.img-\(LoaderGround.running)"
    #expect(try fixture.loader.plainChoice()?.initrds == [copy])
    #expect(try ground.text(copy) == "initrd of \(LoaderGround.running)")
  }

  @Test("it is promoted once it took the place of the kernel's own, byte for byte, and not before")
  func promotes() throws {
    let early = #expect(throws: PawlError.self) { try menu.promote(LoaderGround.running) }
    #expect(early?.message.contains("starts other files now") == true)
    try adopt()
    try adopt()
    try menu.promote(LoaderGround.running)
    #expect(try menu.isPromoted(LoaderGround.running))
    #expect(try fixture.loader.plainChoice()?.initrds == [own])
    #expect(try ground.text(own) == "070701 with vfio-pci")
  }

  @Test("what was changed since the trial is not taken")
  func changed() throws {
    try ground.lay(tried, "070701 of somebody else")
    let fault = #expect(throws: PawlError.self) { try adopt() }
    #expect(fault?.message.contains("is not what was tried") == true)
    #expect(try ground.text(own) == "initrd of \(LoaderGround.running)")
  }

  private func release() throws {
    try ground.lay("/etc/os-release", "ID=debian\n")
    try ground.lay("/usr/sbin/update-initramfs", "")
    try ground.addProgram("mkinitramfs", "[ \"$1\" = -o ]; echo '070701 made anew' >\"$2\"\n")
    try running.takeBack(tried, with: tool)
  }

  @Test("taken back, the initramfs is, byte for byte, the one that was kept as the way back")
  func released() throws {
    try adopt()
    for _ in 0..<2 { try release() }
    #expect(try ground.text(own) == "initrd of \(LoaderGround.running)")
  }

  /// A rollback stopped there, since the file was no longer what the plan had made of it.
  @Test("an initramfs that a package made anew since is made anew once more, and nothing stops")
  func releasedAfterPackage() throws {
    try adopt()
    try ground.lay(own, "070701 of a package, with vfio-pci")
    try release()
    #expect(try ground.text(own) == "070701 made anew\n")
  }

  @Test("taken back, the entry of the kernel that runs stays in the menu")
  func takenBack() throws {
    try ground.remove(PawlEntries.path)
    try menu.apply(without: nil)
    #expect(try fixture.loader.entries().allSatisfy { !$0.id.hasPrefix("pawl-") })
    #expect(try fixture.loader.distributionEntry(of: LoaderGround.running) != nil)
  }
}
