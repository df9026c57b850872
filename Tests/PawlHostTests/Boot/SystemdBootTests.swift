import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("systemd-boot starts what Pawl wants, or nothing of it was changed")
struct SystemdBootTests {
  private let fixture: SystemdBootFixture
  private var ground: LoaderGround { fixture.ground }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }
  private let entries = "/boot/efi/loader/entries/"

  init() throws { fixture = try SystemdBootFixture() }

  @Test("it keeps", arguments: LoaderContract.promises)
  func keeps(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try SystemdBootFixture() })
  }

  @Test(
    "it keeps, on the partition at /boot with entries that a person wrote, as on Arch,",
    arguments: LoaderContract.promises)
  func keepsOnArch(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try SystemdBootFixture(.arch) })
  }

  @Test(
    "it keeps, with the entries of each snapshot that sdbootutil keeps on openSUSE,",
    arguments: LoaderContract.promises)
  func keepsOnSUSE(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try SystemdBootFixture(.suse) })
  }

  private func pinned() throws -> PawlEntries {
    for name in ["vmlinuz", "initrd.img"] {
      try ground.lay("/boot/efi/pawl/fallback-x/\(name)", name)
    }
    return PawlEntries(
      fallback: BootEntry(
        id: PawlEntries.fallbackID, title: "kept", image: "/boot/efi/pawl/fallback-x/vmlinuz",
        initrds: ["/boot/efi/pawl/fallback-x/initrd.img"], commandLine: "root=/dev/sda2"),
      files: [:])
  }

  @Test("an entry of Pawl's own is written as the loader reads it, before all others")
  func entryFile() throws {
    try fixture.loader.write(pinned(), with: tool)
    #expect(
      try ground.text(entries + "pawl-fallback.conf") == """
        # Pawl's own, of a kernel plan: taken away with the plan.
        title kept
        sort-key -pawl-fallback
        linux /pawl/fallback-x/vmlinuz
        initrd /pawl/fallback-x/initrd.img
        options root=/dev/sda2

        """)
    #expect(ground.record == ["bootctl set-default pawl-fallback.conf"])
    #expect(fixture.loader.copiesFolder == "/boot/efi/pawl")
  }

  @Test("nothing is chosen before its entry stands, nor goes while it is chosen")
  func orderOfActs() throws {
    let path = fixture.root.path(entries + "pawl-fallback.conf")
    let watched = WatchedPrograms { FileManager.default.fileExists(atPath: path) }
    try fixture.loader.write(pinned(), with: fixture.tool(processes: watched))
    try fixture.loader.write(nil, with: fixture.tool(processes: watched))
    #expect(ground.record.count == 2)
    #expect(watched.seen == [true, true])
  }

  @Test("an entry of somebody else that goes before the fallback is named")
  func anotherFirst() throws {
    let wanted = try pinned()
    try fixture.loader.write(wanted, with: tool)
    try ground.lay(
      entries + "x.conf",
      "sort-key -a\nlinux /\(SystemdBootFixture.machine)/\(fixture.running)/linux\n")
    let error = refusal { try fixture.loader.verify(wanted) }
    #expect(error?.message.contains("The first entry is x.conf, not pawl-fallback") == true)
  }

  @Test("a default that a person chose is chosen again when Pawl goes")
  func restoresDefault() throws {
    let id = "\(SystemdBootFixture.machine)-\(fixture.running).conf"
    try fixture.setVariable("LoaderEntryDefault", id)
    try fixture.loader.write(pinned(), with: tool)
    #expect(try ground.text(SystemdBoot.formerDefault).contains(id))
    try fixture.loader.write(nil, with: tool)
    #expect(fixture.loader.variables.string("LoaderEntryDefault").value == id)
    #expect(!fixture.root.exists(SystemdBoot.formerDefault))
  }

  @Test("loader.conf chooses where no variable does, by pattern; else the newest release")
  func choosesByConfiguration() throws {
    try fixture.layEntry("old", version: "5.10.0-1-amd64")
    try ground.lay("/boot/efi/\(SystemdBootFixture.machine)/5.10.0-1-amd64/linux", "old")
    #expect(try fixture.loader.plainChoice()?.id.contains(fixture.running) == true)
    try ground.lay("/boot/efi/loader/loader.conf", "default OL*.conf\n")
    #expect(try fixture.loader.plainChoice()?.id == "old.conf")
    try ground.lay("/boot/efi/loader/loader.conf", "default old\ntimeout menu-force\n")
    #expect(try fixture.loader.plainChoice() == nil)
  }

  @Test("an entry whose image is gone is no entry, as for the loader")
  func imageGone() throws {
    try ground.remove("/boot/efi/\(SystemdBootFixture.machine)/\(fixture.running)/linux")
    #expect(try fixture.loader.entries().isEmpty)
    #expect(try fixture.loader.plainChoice() == nil)
  }

  @Test("the same entry with and without a counter of boots is refused, both files named")
  func duplicates() throws {
    let name = "\(SystemdBootFixture.machine)-\(fixture.running)"
    try fixture.layEntry(name + "+3-1", version: fixture.running)
    let error = refusal { _ = try fixture.loader.distributionEntry(of: fixture.running) }
    #expect(error?.code == .refused)
    #expect(error?.message.contains(name + "+3-1.conf") == true)
    #expect(error?.message.contains(name + ".conf") == true)
    try ground.lay(entries + "pawl-fallback+3.conf", "linux /pawl/fallback-x/vmlinuz\n")
    let other = refusal { try fixture.loader.write(pinned(), with: tool) }
    #expect(other?.message.contains("pawl-fallback+3.conf") == true)
  }

  @Test("what is not there as a partition of its own is not written to")
  func notMounted() throws {
    try ground.lay("/proc/self/mountinfo", mountLine(2, "/", type: "ext4"))
    let error = refusal { try fixture.loader.write(pinned(), with: tool) }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("/boot/efi") == true)
    #expect(!fixture.root.exists(entries + "pawl-fallback.conf"))
    #expect(!SystemdBoot.isInstalled(root: fixture.root))
  }

  @Test("kernels and entries go to the extended boot partition, where udev tells of one")
  func extendedBoot() throws {
    try fixture.mount(mountLine(3, "/boot", type: "vfat"))
    #expect(fixture.loader.copiesFolder == "/boot/efi/pawl")
    try ground.lay(
      "/run/udev/data/b8:3", "E:ID_PART_ENTRY_TYPE=bc13c2ff-59e6-4262-a352-b275fd6f7172\n")
    #expect(fixture.loader.copiesFolder == "/boot/pawl")
    try ground.lay("/boot/pawl/fallback-x/vmlinuz", "image")
    var wanted = try pinned()
    #expect(refusal { try fixture.loader.write(wanted, with: tool) }?.code == .refused)
    wanted.fallback.image = "/boot/pawl/fallback-x/vmlinuz"
    wanted.fallback.initrds = []
    try fixture.loader.write(wanted, with: tool)
    #expect(
      try ground.text("/boot/loader/entries/pawl-fallback.conf").contains(
        "linux /pawl/fallback-x/vmlinuz\n"))
    #expect(try fixture.loader.entries().count == 2)
  }

  @Test("without the loader's word that it can, nothing is tried once", arguments: abilities)
  func ability(_ lack: Lack) throws {
    #expect(fixture.loader.oneShotAbility() == .able)
    try lack.make(fixture)
    guard case .unable(let sentences) = fixture.loader.oneShotAbility() else {
      Issue.record("it is able")
      return
    }
    #expect(sentences.contains { $0.contains(lack.word) }, "\(sentences)")
  }

  struct Lack: Sendable, CustomTestStringConvertible {
    let word: String
    let make: @Sendable (SystemdBootFixture) throws -> Void
    var testDescription: String { word }
  }

  private static let abilities = [
    Lack(word: "no variable LoaderInfo") {
      try $0.ground.remove(SystemdBootFixture.path("LoaderInfo"))
    },
    Lack(word: "GRUB 2.06") { try $0.setVariable("LoaderInfo", "GRUB 2.06") },
    Lack(word: "systemd-boot 249") { try $0.setVariable("LoaderInfo", "systemd-boot 249.11") },
    Lack(word: "that it can start an entry once") {
      try $0.setVariable("LoaderFeatures", bytes: [0x77, 0, 0, 0, 0, 0, 0, 0])
    },
    Lack(word: "read-only") {
      try $0.mount("41 1 0:30 / /sys/firmware/efi/efivars ro - efivarfs efivarfs rw\n")
    },
    Lack(word: "another partition") {
      try $0.setVariable("LoaderDevicePartUUID", "AAAA")
      try $0.ground.lay("/run/udev/data/b8:1", "E:ID_PART_ENTRY_UUID=bbbb\n")
    },
    Lack(word: "waits for a person") { try $0.setVariable("LoaderConfigTimeout", "menu-force") },
    Lack(word: "is preferred") {
      try $0.setVariable("LoaderInfo", "systemd-boot 260")
      try $0.setVariable("LoaderEntryPreferred", "x.conf")
    },
    Lack(word: "wait for a recovery key") {
      try $0.ground.lay("/var/lib/systemd/pcrlock.json", "{}")
    },
    Lack(word: "kernel-install is missing") { try $0.ground.remove("/usr/bin/kernel-install") },
  ]
}

@Suite("kernel-install is asked once, and what it did is looked at")
struct SystemdBootKernelTests {
  private let fixture: SystemdBootFixture
  private var ground: LoaderGround { fixture.ground }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }

  init() throws { fixture = try SystemdBootFixture() }

  private func addition(_ loader: SystemdBoot? = nil, _ other: Tool? = nil) -> PawlError? {
    refusal { try (loader ?? fixture.loader).addKernel(fixture.new, with: other ?? tool) }
  }

  @Test("it is given image and initrd by name, and not asked again for what is there")
  func arguments() throws {
    for _ in 0..<2 { #expect(addition() == nil) }
    #expect(
      ground.record == [
        "kernel-install add 6.1.0-pawl1 /boot/vmlinuz-6.1.0-pawl1 /boot/initrd.img-6.1.0-pawl1"
      ])
    for _ in 0..<2 { try fixture.loader.removeKernel(fixture.new, with: tool) }
    #expect(ground.record.count == 2)
    #expect(ground.record.last == "kernel-install remove 6.1.0-pawl1")
  }

  /// Its own initramfs is put in place by a trial that was won, and then its entry is asked for again: on Arch
  /// that would have failed, since no image has the release in its name there.
  @Test("the kernel of a package, by whichever name it is there, has its entry already")
  func packaged() throws {
    for style in [SystemdBootFixture.Style.debian, .arch] {
      let fixture = try SystemdBootFixture(style)
      try fixture.loader.addKernel(fixture.running, with: fixture.tool(processes: LiveHost()))
      #expect(fixture.ground.record.isEmpty)
    }
  }

  @Test("a copy with other bytes than /boot has fails the step, and is made again")
  func tornCopy() throws {
    let tearing = ground.tool(processes: LiveHost(), adding: ["FIXTURE_TORN": "1"])
    #expect(addition(nil, tearing)?.code == .stepFailed)
    #expect(addition() == nil)
  }

  @Test("without space for it nothing is begun, and the numbers are told")
  func noSpace() throws {
    let loader = SystemdBoot(
      root: fixture.root, files: LiveHost(), identity: fixture.identity,
      freeBytes: { $0 == "/boot/efi" ? 200 << 10 : nil })
    let error = addition(loader)
    #expect(error?.code == .refused)
    #expect(error?.message.contains("/boot/efi has 0 MiB free") == true)
    #expect(error?.message.contains("need 1 MiB") == true)
    #expect(ground.record.isEmpty)
  }

  @Test("entries that count their boots cannot be chosen, and are not made")
  func counters() throws {
    try ground.lay("/etc/kernel/tries", "3\n")
    #expect(addition()?.message.contains("/etc/kernel/tries") == true)
    #expect(ground.record.isEmpty)
  }

  @Test("a release that kernel-install would take another one for is neither added nor removed")
  func sharedName() throws {
    let other = fixture.new + "+deb13"
    try fixture.layEntry("\(SystemdBootFixture.machine)-\(other)", version: other)
    try ground.lay("/boot/efi/\(SystemdBootFixture.machine)/\(other)/linux", "image")
    #expect(addition()?.message.contains("+deb13") == true)
    #expect(ground.record.isEmpty)
  }

  @Test("a command line that was taken from a trial fails the step")
  func commandLineOfTrial() throws {
    try ground.lay("/etc/kernel/cmdline", "root=/dev/sda2 pawl.trial=j.1.t.1\n")
    #expect(addition()?.message.contains("trial") == true)
  }

  @Test("copies without an entry, of a kernel-install that was cut off, are taken away too")
  func copiesOnly() throws {
    try ground.lay("/boot/efi/\(SystemdBootFixture.machine)/\(fixture.new)/linux", "half")
    try fixture.loader.removeKernel(fixture.new, with: tool)
    #expect(!fixture.root.exists("/boot/efi/\(SystemdBootFixture.machine)/\(fixture.new)"))
  }
}

@Suite("Entry files are read and put in order as the loader does it")
struct TypeOneEntryTests {
  @Test(
    "a counter of boots is no part of the id",
    arguments: [
      ("a.conf", "a.conf", nil), ("a+3.conf", "a.conf", 3), ("a+2-1.conf", "a.conf", 2),
      ("a+0-3.CONF", "a.CONF", 0), ("a+.conf", "a+.conf", nil), ("a+3-.conf", "a+3-.conf", nil),
      ("6.12.1+deb13-amd64.conf", "6.12.1+deb13-amd64.conf", nil), ("a+x.conf", "a+x.conf", nil),
    ] as [(String, String, Int?)])
  func counters(_ name: String, _ id: String, _ left: Int?) throws {
    let entry = try #require(TypeOneEntry(fileName: name, text: "linux /x\n"))
    #expect(entry.id == id)
    #expect(entry.triesLeft == left)
  }

  @Test("several initrds and options are kept in order, comments and unknown keys passed over")
  func reading() throws {
    let text = """
      # linux /no
      title\t"A title"
        linux   /x/linux \t
      initrd /a
      initrd /b
      options root=/dev/sda1
      options quiet
      architecture x64

      """
    let entry = try #require(TypeOneEntry(fileName: "x.conf", text: text))
    #expect(entry.title == "A title")
    #expect(entry.image == "/x/linux")
    #expect(entry.initrds == ["/a", "/b"])
    #expect(entry.commandLine == "root=/dev/sda1 quiet")
    #expect(TypeOneEntry(fileName: "auto-x.conf", text: text) == nil)
    #expect(TypeOneEntry(fileName: ".x.conf", text: text) == nil)
  }

  @Test("used up counters are last, sort keys first, of one key the newest version first")
  func order() throws {
    let files: [(String, String)] = [
      ("bad+0-3.conf", "sort-key a\nversion 9\n"), ("b.conf", "version 3\n"),
      ("a-10.conf", "version 10\n"), ("a-5.conf", "version 5\n"),
      ("c.conf", "sort-key xxxx\nversion 5\n"), ("cx.conf", "sort-key xxxx\nversion 10\n"),
      ("d.conf", "sort-key kkkk\nversion 100\n"),
      ("pawl-trial.conf", "sort-key -pawl-trial\n"),
      ("pawl-fallback.conf", "sort-key -pawl-fallback\n"),
    ]
    let entries = files.compactMap { TypeOneEntry(fileName: $0.0, text: $0.1) }
    #expect(
      entries.sorted(by: TypeOneEntry.precedes).map(\.fileName) == [
        "pawl-fallback.conf", "pawl-trial.conf", "d.conf", "cx.conf", "c.conf", "b.conf",
        "a-10.conf", "a-5.conf", "bad+0-3.conf",
      ])
  }

  @Test("versions are compared as the specification has it, oldest first")
  func versions() {
    // The list of UAPI.10, each strictly older than the next.
    let ordered = [
      "~1", "", "ab", "abb", "abc", "0001", "002", "12", "122", "122.9", "123~rc1", "123", "123-a",
      "123-a.1", "123-a1", "123-a1.1", "123-3", "123-3.1", "123^patch1", "123^1", "123.a-1",
      "123.1-1", "123a-1", "124",
    ]
    for (index, older) in ordered.enumerated() {
      #expect(VersionOrder.compare(older, older) == 0)
      for newer in ordered[(index + 1)...] {
        #expect(VersionOrder.compare(older, newer) < 0, "\(older) \(newer)")
        #expect(VersionOrder.compare(newer, older) > 0, "\(newer) \(older)")
      }
    }
  }
}
