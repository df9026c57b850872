import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("The way back is a copy of what runs, and nothing takes it away")
struct FallbackTests {
  private let host: RunningKernel
  private var fixture: GrubFixture { host.fixture }
  private var ground: LoaderGround { fixture.ground }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }
  private var menu: MenuChange { host.menu }
  private let running = RunningKernel.identity

  init() throws {
    host = try RunningKernel()
    try ground.lay(
      "/boot/vmlinuz-\(LoaderGround.new)", RunningKernel.image(LoaderGround.new, "#1 SMP new"))
  }

  private var own: PawlEntries? { get throws { try host.entries } }

  @Test(
    "What was tried is promoted, with the same bytes and the command line without the trial's words"
  )
  func wholeWay() throws {
    let before = try ground.text(GrubFixture.menu)
    try menu.pin(running, isProven: true)
    #expect(try menu.isPinned(LoaderGround.running))
    #expect(try own?.fallback.commandLine == LoaderGround.commandLine)
    #expect(
      try own?.fallback.image
        == "/boot/pawl/fallback-\(LoaderGround.running)/vmlinuz-\(LoaderGround.running)")
    try menu.addTrial(of: LoaderGround.new, token: "5eed")
    #expect(try menu.hasTrial(of: LoaderGround.new, token: "5eed"))
    #expect(try !menu.hasTrial(of: LoaderGround.new, token: "another"))
    try menu.promote(LoaderGround.new)
    try menu.promote(LoaderGround.new)
    #expect(try menu.isPromoted(LoaderGround.new))
    let chosen = try #require(try fixture.loader.plainChoice())
    #expect(chosen.image == "/boot/vmlinuz-\(LoaderGround.new)")
    #expect(chosen.commandLine == LoaderGround.commandLine)

    // Undone: the file of wishes is taken away by its backup, the image by its manifest.
    try ground.remove("/boot/pawl/entries.json")
    try ground.remove("/boot/vmlinuz-\(LoaderGround.new)")
    try menu.apply(without: "")
    #expect(try ground.text(GrubFixture.menu) == before)
    #expect(!fixture.root.exists("/boot/pawl/fallback-\(LoaderGround.running)"))
  }

  @Test("A menu that packages made anew without the pin has it back, and it is told what was wrong")
  func holds() throws {
    let before = try ground.text(GrubFixture.menu)
    #expect(try menu.hold() == nil)
    #expect(try ground.text(GrubFixture.menu) == before)
    try menu.pin(running, isProven: true)
    try menu.addTrial(of: LoaderGround.new, token: "5eed")
    #expect(try menu.hold() == nil)

    // As a generator that does not know Pawl's part would leave it.
    try ground.lay(GrubFixture.menu, before)
    #expect(try menu.hold()?.contains("not as Pawl wants it") == true)
    #expect(try menu.hasTrial(of: LoaderGround.new, token: "5eed"))
    #expect(try menu.hold() == nil)
  }

  @Test(
    "A menu is not made to start a way back that cannot be had again", arguments: [nil, "torn"])
  func cannotHold(_ left: String?) throws {
    let before = try ground.text(GrubFixture.menu)
    try menu.pin(running, isProven: true)
    let image = try #require(try own?.fallback.image)
    try harm(image, left)
    try ground.lay("/boot/vmlinuz-\(LoaderGround.running)", "another build")
    try ground.lay(GrubFixture.menu, before)
    let error = #expect(throws: PawlError.self) { try menu.hold() }
    #expect(error?.message.contains(image) == true)
    #expect(try ground.text(GrubFixture.menu) == before)
  }

  @Test(
    "A way back that is gone or torn is copied anew from the kernel's own files, byte for byte",
    arguments: [nil, "torn"])
  func holdsWithCopy(_ left: String?) throws {
    let before = try ground.text(GrubFixture.menu)
    try menu.pin(running, isProven: true)
    let entries = try #require(try own)
    for path in [entries.fallback.image] + entries.fallback.initrds { try harm(path, left) }
    try ground.lay(GrubFixture.menu, before)
    #expect(try menu.hold() != nil)
    #expect(try menu.isPinned(LoaderGround.running))
  }

  private func harm(_ path: String, _ left: String?) throws {
    if let left { try ground.lay(path, left) } else { try ground.remove(path) }
  }

  @Test("After the promotion the menu is its owner's again")
  func holdsNoLonger() throws {
    let before = try ground.text(GrubFixture.menu)
    try menu.pin(running, isProven: true)
    try menu.addTrial(of: LoaderGround.new, token: "5eed")
    try menu.promote(LoaderGround.new)
    try ground.lay(GrubFixture.menu, before)
    #expect(try menu.hold() == nil)
    #expect(try ground.text(GrubFixture.menu) == before)
  }

  @Test("Another build of the running release on disk is no way back")
  func otherBuild() throws {
    try ground.lay(
      "/boot/vmlinuz-\(LoaderGround.running)",
      RunningKernel.image(LoaderGround.running, "#2 SMP Debian"))
    let error = #expect(throws: PawlError.self) { try menu.pin(running, isProven: true) }
    #expect(error?.message.contains("is not the kernel that runs") == true)
    #expect(try own == nil)
  }

  @Test("An initramfs that was made anew since the boot is not proven, and that is not passed over")
  func madeAnew() throws {
    try ground.lay("/proc/stat", "btime 1\n")
    let error = #expect(throws: PawlError.self) { try menu.pin(running, isProven: true) }
    #expect(error?.message.contains("initrd.img-\(LoaderGround.running) was made anew") == true)
    try menu.pin(running, isProven: false)
    #expect(try menu.isPinned(LoaderGround.running))
  }

  @Test("What lies there after the trial is not what was tried: nothing is promoted")
  func changedMeanwhile() throws {
    try menu.pin(running, isProven: true)
    try menu.addTrial(of: LoaderGround.new, token: "5eed")
    try ground.lay("/boot/initrd.img-\(LoaderGround.new)", "made anew by somebody")
    let error = #expect(throws: PawlError.self) { try menu.promote(LoaderGround.new) }
    #expect(error?.message.contains("not what it was") == true)
    #expect(try fixture.loader.plainChoice()?.id == PawlEntries.fallbackID)
  }

  @Test("Where SELinux is enforced a kernel without it gets no entry")
  func securityModule() throws {
    try menu.pin(running, isProven: true)
    try ground.lay("/sys/kernel/security/lsm", "lockdown,selinux")
    try ground.lay("/sys/fs/selinux/enforce", "1")
    try ground.lay("/boot/config-\(LoaderGround.new)", "CONFIG_SMP=y\n")
    let error = #expect(throws: PawlError.self) {
      try menu.addTrial(of: LoaderGround.new, token: "5eed")
    }
    #expect(error?.message.contains("SELinux") == true)
    try ground.lay("/boot/config-\(LoaderGround.new)", "CONFIG_SECURITY_SELINUX=y\n")
    try menu.addTrial(of: LoaderGround.new, token: "5eed")
  }

  @Test("With Secure Boot on, nothing is promised of a kernel that the firmware may refuse")
  func secureBoot() throws {
    try ground.lay(
      "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", [6, 0, 0, 0, 1])
    let error = #expect(throws: PawlError.self) {
      try NewKernelObstacles(root: fixture.root).require(LoaderGround.new)
    }
    #expect(error?.message.contains("Secure Boot") == true)
  }

  /// The simulator's seed 63412: the menu would have started the untried kernel.
  @Test("Where entries.json is taken away, the pin stays until the pin itself is undone")
  func entriesTakenAway() throws {
    try menu.pin(running, isProven: true)
    try ground.remove("/boot/pawl/entries.json")
    try menu.apply(without: LoaderGround.new)
    #expect(try fixture.loader.plainChoice()?.id == PawlEntries.fallbackID)
    try menu.apply(without: "")
    #expect(try fixture.loader.entries().allSatisfy { !$0.id.hasPrefix("pawl-") })
  }

  @Test("A second trial is refused while one is to be made")
  func oneTrial() throws {
    try menu.pin(running, isProven: true)
    try menu.addTrial(of: LoaderGround.new, token: "5eed")
    #expect(throws: PawlError.self) { try menu.pin(running, isProven: true) }
  }

  @Test("The package of the running kernel is the one whose list has its image")
  func package() throws {
    let release = LoaderGround.running
    try ground.lay(
      "/var/lib/dpkg/info/linux-image-\(release).list", "/.\n/boot\n/boot/vmlinuz-\(release)\n")
    let packages = KernelPackage(root: fixture.root)
    #expect(packages.name(of: release) == "linux-image-\(release)")
    #expect(packages.name(of: "6.1.0-self") == nil)
    #expect(!packages.isHeld("linux-image-\(release)"))
    try ground.lay(
      "/var/lib/dpkg/status",
      "Package: linux-image-\(release)\nStatus: hold ok installed\nVersion: 1\n")
    #expect(packages.isHeld("linux-image-\(release)"))
  }
}

@Suite("On a partition that firmware reads, too, the way back holds")
struct FallbackOnESPTests {
  private let fixture: SystemdBootFixture
  private var loader: any BootLoader { fixture.loader(files: LiveHost()) }
  private var menu: MenuChange {
    MenuChange(
      root: fixture.root, loader: loader, files: LiveHost(), facts: LiveHost(),
      tool: fixture.tool(processes: LiveHost()))
  }
  private var running: BootIdentity {
    BootIdentity(
      bootID: "boot-1", release: fixture.running, version: "#1", buildID: nil,
      commandLine: LoaderGround.commandLine)
  }

  init() throws {
    fixture = try SystemdBootFixture()
    try fixture.ground.lay("/proc/stat", "btime 4102444800\n")
  }

  /// A lab found `pin` failing on systemd-boot, whose images are all named `linux`.
  @Test("What is pinned is told by its release, not by its image's name")
  func pinsByRelease() throws {
    try menu.pin(running, isProven: true)
    #expect(try menu.isPinned(fixture.running))
    #expect(try !menu.isPinned(fixture.new))
    try menu.addTrial(of: fixture.new, token: "5eed")
    #expect(try menu.hasTrial(of: fixture.new, token: "5eed"))
    try menu.promote(fixture.new)
    #expect(try menu.isPromoted(fixture.new))
  }

  /// A lab found a plan that could not be rolled back: the undo of its menu wanted the pin again,
  /// whose image somebody had removed.
  @Test("An undo whose way back was removed makes it anew, and ends")
  func undoWithoutCopy() throws {
    try menu.pin(running, isProven: true)
    let pinned = try #require(try own)
    try menu.addTrial(of: fixture.new, token: "5eed")
    try fixture.ground.remove(pinned.fallback.image)
    try putBack(pinned)
    try menu.apply(without: fixture.new)
    #expect(try loader.plainChoice()?.id == PawlEntries.fallbackID)
    #expect(try menu.isPinned(fixture.running))
    #expect(try loader.distributionEntry(of: fixture.new) == nil)
  }

  @Test("Where the way back cannot be had again, the undo leaves no pin, and no new kernel")
  func undoWithoutSource() throws {
    let chosen = try loader.plainChoice()
    try menu.pin(running, isProven: true)
    let pinned = try #require(try own)
    try menu.addTrial(of: fixture.new, token: "5eed")
    try fixture.ground.remove(pinned.fallback.image)
    let source = try #require(try loader.distributionEntry(of: fixture.running))
    try fixture.ground.lay(source.image, "another build")
    try putBack(pinned)
    try menu.apply(without: fixture.new)
    #expect(try loader.entries().allSatisfy { !$0.id.hasPrefix("pawl-") })
    #expect(try loader.distributionEntry(of: fixture.new) == nil)
    #expect(try loader.plainChoice()?.image == chosen?.image)
  }

  private var own: PawlEntries? {
    get throws { try EntriesFile(root: fixture.root, files: LiveHost()).read() }
  }

  /// As the backup does it, before the menu is made anew.
  private func putBack(_ entries: PawlEntries) throws {
    try EntriesFile(root: fixture.root, files: LiveHost()).write(entries)
  }
}
