import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("GRUB starts what Pawl wants, whatever makes its menu anew")
struct GrubLoaderTests {
  private let fixture: GrubFixture
  private var ground: LoaderGround { fixture.ground }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }

  init() throws { fixture = try GrubFixture() }

  /// GRUB's menu is made of the images that are there: what adds a kernel or takes it away is its
  /// image, and what makes the menu anew would bring back an entry that is only taken out of it.
  private static let promises = LoaderContract.promises.filter { promise in
    !["a release is added once", "taken back whole", "entries of others"].contains {
      promise.description.hasPrefix($0)
    }
  }

  @Test("it keeps", arguments: promises)
  func keeps(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try GrubFixture() })
  }

  @Test("it keeps, with /boot as a partition of its own,", arguments: promises)
  func keepsOnPartition(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try GrubFixture(bootIsMount: true) })
  }

  @Test("it keeps, under the names that SUSE gave to it,", arguments: promises)
  func keepsRenamed(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try GrubFixture(of: .suse) })
  }

  @Test("it keeps where packages name kernels, as on Arch,", arguments: promises)
  func keepsOnArch(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try GrubFixture(of: .arch) })
  }

  @Test("it keeps where a flavour names the kernel, as on Alpine,", arguments: promises)
  func keepsOnAlpine(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try GrubFixture(of: .alpine) })
  }

  /// "linux" is in every id that GRUB makes.
  @Test("A kernel of Arch is known by its package's name, and no other one is taken for it")
  func packageNames() throws {
    let arch = try GrubFixture(of: .arch)
    try arch.makeMenu()
    let running = try arch.loader.distributionEntry(of: arch.running)
    #expect(running?.image == "/boot/vmlinuz-linux")
    #expect(running?.initrds == ["/boot/initramfs-linux.img"])
    let new = try arch.loader.distributionEntry(of: arch.new)
    #expect(new?.image == "/boot/vmlinuz-\(arch.new)")
    try arch.ground.remove("/usr/lib/modules/\(arch.running)/pkgbase")
    #expect(try arch.loader.distributionEntry(of: arch.running) == nil)
  }

  /// A menu without the kernel that runs was once put in place, and the loss only told afterwards.
  @Test("A menu that would lose the running kernel is not put in place")
  func keepsRunning() throws {
    try ground.remove("/boot/vmlinuz-\(fixture.running)")
    let before = try ground.text(GrubFixture.menu)
    let fault = #expect(throws: PawlError.self) {
      try fixture.loader.addKernel(fixture.new, with: tool)
    }
    #expect(fault?.message.contains("no entry for \(fixture.running), which runs") == true)
    #expect(try ground.text(GrubFixture.menu) == before)
  }

  private func wanted(trial: Bool = true) throws -> PawlEntries {
    let folder = "/boot/pawl/fallback-\(fixture.running)"
    for name in ["vmlinuz", "initrd.img"] { try ground.lay("\(folder)/\(name)", name) }
    let line = LoaderGround.commandLine
    let fallback = BootEntry(
      id: PawlEntries.fallbackID, title: "It's known to boot", image: folder + "/vmlinuz",
      initrds: [folder + "/initrd.img"], commandLine: line)
    guard trial else { return PawlEntries(fallback: fallback, files: [:]) }
    return PawlEntries(
      fallback: fallback,
      trial: BootEntry(
        id: PawlEntries.trialID, title: "Trial", image: "/boot/vmlinuz-\(fixture.new)",
        initrds: ["/boot/initrd.img-\(fixture.new)"],
        commandLine: TrialArguments.appended(to: line, token: "5eed")),
      token: "5eed", files: [:])
  }

  @Test("The pin outlives whoever makes the menu anew")
  func outlivesUpdateGrub() throws {
    let wanted = try wanted()
    try fixture.loader.write(wanted, with: tool)
    try fixture.makeMenu()
    try fixture.loader.verify(wanted)
    #expect(try fixture.loader.plainChoice()?.id == PawlEntries.fallbackID)
  }

  @Test("Pawl's part is changed in place, as the tool that makes the menu would have it")
  func changesInPlace() throws {
    let asked = ground.record.count
    try fixture.loader.write(try wanted(), with: tool)
    let tools = ground.record.dropFirst(asked)
    #expect(!tools.contains { $0.hasPrefix("grub-mkconfig") })
    let inPlace = try ground.text(GrubFixture.menu)
    let withoutNew = try ground.text("/boot/vmlinuz-\(fixture.new)")
    try ground.remove("/boot/vmlinuz-\(fixture.new)")
    try fixture.makeMenu()
    #expect(try ground.text(GrubFixture.menu) == inPlace)
    try ground.lay("/boot/vmlinuz-\(fixture.new)", withoutNew)
  }

  @Test("An entry that GRUB does not find is the fallback, since that is the first")
  func unknownIsFallback() throws {
    try fixture.loader.write(try wanted(), with: tool)
    let menu = GrubMenu(
      try ground.text(GrubFixture.menu), environment: ["next_entry": "gone>with-the-wind"])
    #expect(menu.chosen?.id == PawlEntries.fallbackID)
  }

  /// Seen on a machine of the lab: with the id in `fallback` GRUB stood in its menu for a person, once the
  /// image of the new kernel had lost its bytes.
  @Test(
    "What GRUB starts when an image cannot be loaded is named by its number: it takes no other name"
  )
  func fallsBackByNumber() throws {
    let wanted = try wanted()
    try fixture.loader.write(wanted, with: tool)
    let path = fixture.ground.root.path(GrubFixture.menu)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(GrubMenu(text).afterFailure?.id == PawlEntries.fallbackID)
    for other in ["set fallback=\"pawl-fallback\"", "set fallback=1", "set fallback=99", "unset x"]
    {
      let changed = text.replacing("set fallback=0", with: other)
      #expect(changed != text)
      #expect(GrubMenu(changed).afterFailure?.id != PawlEntries.fallbackID)
      try changed.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(throws: PawlError.self) { try fixture.loader.verify(wanted) }
    }
  }

  @Test("A trial writes down its token before its kernel is loaded, and only a trial does")
  func marksTrial() throws {
    try fixture.loader.write(try wanted(), with: tool)
    let menu = GrubMenu(try ground.text(GrubFixture.menu))
    let marked = menu.entries.filter { entry in entry.body.contains { $0.contains("save_env") } }
    #expect(marked.map(\.id) == [PawlEntries.trialID])
    #expect(marked.first?.body.prefix(2) == ["\tset pawl_tried=5eed", "\tsave_env pawl_tried"])
    #expect(fixture.loader.triedToken().reason == "not there")
    try ground.lay(GrubFixture.environment, GrubFixture.block(["pawl_tried": "5eed"]))
    #expect(fixture.loader.triedToken().value == "5eed")
    try fixture.loader.write(nil, with: tool)
    #expect(fixture.loader.triedToken().value == nil)
  }

  @Test("A word with spaces on the command line comes through as one")
  func quotes() throws {
    var wanted = try wanted()
    let line = "\(LoaderGround.commandLine) \"dyndbg=file it's.c +p\" price=$5"
    wanted.fallback.commandLine = line
    try fixture.loader.write(wanted, with: tool)
    try fixture.loader.verify(wanted)
    #expect(try fixture.loader.plainChoice()?.commandLine == line)
  }

  @Test("A menu that would not start the fallback is never put in place")
  func refusesBadMenu() throws {
    let before = try ground.text(GrubFixture.menu)
    try ground.addProgram("grub-mkconfig", "echo 'set default=0' >\"$2\"")
    #expect(throws: PawlError.self) { try fixture.loader.addKernel(fixture.new, with: tool) }
    var nothing = try wanted()
    nothing.fallback.image = "/boot/'\"{"
    #expect(throws: PawlError.self) {
      try fixture.loader.write(nothing, with: fixture.tool(processes: LiveHost()))
      try fixture.loader.verify(nothing)
    }
    #expect(try fixture.loader.plainChoice()?.image != nil)
    _ = before
  }

  @Test("Once Pawl's part is gone the menu and the environment are as they were")
  func takesBack() throws {
    let image = try ground.text("/boot/vmlinuz-\(fixture.new)")
    let before = try ground.text(GrubFixture.menu)
    try fixture.loader.write(try wanted(), with: tool)
    try fixture.loader.setOneShot(PawlEntries.trialID, with: tool)
    try ground.remove("/boot/vmlinuz-\(fixture.new)")
    try fixture.loader.write(nil, with: tool)
    #expect(try ground.text(GrubFixture.menu) == before)
    #expect(try ground.text(GrubFixture.environment) == GrubFixture.block([:]))
    #expect(!fixture.root.exists("/etc/grub.d/09_pawl"))
    try ground.lay("/boot/vmlinuz-\(fixture.new)", image)
  }

  @Test(
    "A kernel with modules on LVM, RAID, btrfs or with a damaged block cannot be tried, in words")
  func refusesOneShot() throws {
    func obstacles() -> String {
      guard case .unable(let why) = fixture.loader.oneShotAbility() else { return "" }
      return why.joined(separator: " ")
    }
    #expect(obstacles() == "")
    try ground.lay("/sys/dev/block/8:1/dm/name", "vg-root\n")
    #expect(obstacles().contains("LVM"))
    try ground.remove("/sys/dev/block/8:1/dm")
    try ground.lay("/sys/dev/block/8:1/md/level", "raid1\n")
    #expect(obstacles().contains("RAID"))
    try ground.remove("/sys/dev/block/8:1/md")
    try ground.lay("/proc/self/mountinfo", mountLine(1, "/", type: "btrfs"))
    #expect(obstacles().contains("btrfs"))
    try ground.lay("/proc/self/mountinfo", mountLine(1, "/", type: "ext4"))
    try ground.lay(GrubFixture.environment, GrubFixture.block(["env_block": "512+1"]))
    #expect(obstacles().contains("env_block"))
    try ground.lay(GrubFixture.environment, "# GRUB Environment Block\n####")
    #expect(obstacles().contains("1024"))
    try ground.remove(GrubFixture.environment)
    #expect(obstacles().contains("not there"))
  }
}
