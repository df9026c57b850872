import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("extlinux starts what Pawl wants, and its file is given back as it was")
struct ExtlinuxTests {
  private let fixture: ExtlinuxFixture
  private var ground: LoaderGround { fixture.ground }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }

  init() throws { fixture = try ExtlinuxFixture() }

  @Test("it keeps", arguments: LoaderContract.promises)
  func keeps(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try ExtlinuxFixture() })
  }

  private func pinned(_ fixture: ExtlinuxFixture) throws -> PawlEntries {
    for name in ["vmlinuz", "initrd.img"] {
      try fixture.ground.lay("/boot/pawl/fallback-x/\(name)", name)
    }
    return PawlEntries(
      fallback: BootEntry(
        id: PawlEntries.fallbackID, title: "kept", image: "/boot/pawl/fallback-x/vmlinuz",
        initrds: ["/boot/pawl/fallback-x/initrd.img"], commandLine: "root=/dev/sda1"),
      files: [:])
  }

  @Test("Pawl's entry goes before the first, and the owner's choice is put out of force")
  func file() throws {
    try fixture.loader.write(pinned(fixture), with: tool)
    #expect(
      try ground.text(ExtlinuxFixture.config) == """
        # pawl put out of force: default 6.1.0-40-amd64
        timeout 10
        prompt 0
        serial 0 115200

        # pawl begin entries
        LABEL pawl-fallback
          MENU LABEL kept
          LINUX /boot/pawl/fallback-x/vmlinuz
          INITRD /boot/pawl/fallback-x/initrd.img
          APPEND root=/dev/sda1
        # pawl end
        label 6.1.0-40-amd64
          kernel /boot/vmlinuz-6.1.0-40-amd64
          initrd /boot/initrd.img-6.1.0-40-amd64
          append \(LoaderGround.commandLine)
        # pawl begin choice
        DEFAULT pawl-fallback
        # pawl end

        """)
  }

  @Test("an entry of somebody else that goes before the fallback is named")
  func anotherFirst() throws {
    let wanted = try pinned(fixture)
    try fixture.loader.write(wanted, with: tool)
    let text = try ground.text(ExtlinuxFixture.config)
    try ground.lay(ExtlinuxFixture.config, "label x\n  kernel /x\n" + text)
    let error = refusal { try fixture.loader.verify(wanted) }
    #expect(error?.message.contains("The first entry is x, not pawl-fallback") == true)
  }

  private static let label = "LABEL a\n  LINUX /boot/vmlinuz-6.1.0-40-amd64\n  APPEND ro\n"

  @Test(
    "whatever the file is like, its bytes come back",
    arguments: [
      "DEFAULT a\nPROMPT 0\n" + label, "DEFAULT a\n" + label.dropLast(),
      label + "DEFAULT a\nONTIMEOUT a\n\n\n",
      "UI menu.c32\r\nTIMEOUT 50\r\nMENU SAVE\r\nDEFAULT a\r\n" + label,
      "DEFAULT menu.c32\nTIMEOUT 0\nTEXT HELP\nDEFAULT b\nENDTEXT\n" + label,
      "include x.cfg\nappend quiet\nmenu begin\n" + label + "menu end", "DEFAULT a", "", "\n",
    ])
  func givesBack(_ text: String) throws {
    let fixture = try ExtlinuxFixture(text)
    let tool = fixture.tool(processes: LiveHost())
    let wanted = try pinned(fixture)
    let other = "6.1.0-pawl1"
    try fixture.loader.write(wanted, with: tool)
    #expect(try fixture.loader.plainChoice()?.id == PawlEntries.fallbackID)
    try fixture.loader.addKernel(other, with: tool)
    try fixture.loader.verify(wanted)
    #expect(try fixture.loader.distributionEntry(of: other)?.id == other)
    try fixture.loader.write(nil, with: tool)
    #expect(try fixture.loader.distributionEntry(of: other)?.id == other)
    try fixture.loader.removeKernel(other, with: tool)
    #expect(try fixture.ground.text(ExtlinuxFixture.config) == text)
  }

  @Test("a new kernel has the command line of the running one, without what only a trial has")
  func modelled() throws {
    try fixture.loader.addKernel(fixture.new, with: tool)
    let entry = try #require(try fixture.loader.distributionEntry(of: fixture.new))
    #expect(entry.id == fixture.new)
    #expect(entry.commandLine == LoaderGround.commandLine)
    #expect(entry.initrds == ["/boot/initrd.img-\(fixture.new)"])
    #expect(ground.record.isEmpty)
  }

  @Test("on a partition of its own, /boot is no part of the paths that the loader sees")
  func separateBoot() throws {
    let fixture = try ExtlinuxFixture(
      ExtlinuxFixture.usual.replacingOccurrences(of: "/boot/", with: "/"))
    let mounts = mountLine(1, "/", type: "ext4") + mountLine(2, "/boot", type: "ext4")
    try fixture.ground.lay("/proc/self/mountinfo", mounts)
    let entry = try #require(try fixture.loader.distributionEntry(of: fixture.running))
    #expect(entry.image == "/boot/vmlinuz-\(fixture.running)")
    let wanted = try pinned(fixture)
    try fixture.loader.write(wanted, with: fixture.tool(processes: LiveHost()))
    let text = try fixture.ground.text(ExtlinuxFixture.config)
    #expect(text.contains("LINUX /pawl/fallback-x/vmlinuz\n  INITRD /pawl/fallback-x/initrd.img"))
    var other = wanted
    other.fallback.image = "/srv/vmlinuz"
    let error = refusal {
      try fixture.loader.write(other, with: fixture.tool(processes: LiveHost()))
    }
    #expect(error?.message.contains("/srv/vmlinuz is not on it") == true)
  }

  @Test("where a prompt would wait for ever, a time limit stands beside the choice")
  func timeLimit() throws {
    let fixture = try ExtlinuxFixture("DEFAULT menu.c32\n" + Self.label)
    #expect(try fixture.loader.plainChoice() == nil)
    try fixture.loader.write(pinned(fixture), with: fixture.tool(processes: LiveHost()))
    let text = try fixture.ground.text(ExtlinuxFixture.config)
    #expect(text.hasSuffix("DEFAULT pawl-fallback\nUI menu.c32\nTIMEOUT 100\n# pawl end\n"))
  }

  @Test("what an included file says for all entries does not fall to Pawl's")
  func included() throws {
    let fixture = try ExtlinuxFixture("include common.cfg\n" + Self.label)
    try fixture.ground.lay("/boot/extlinux/common.cfg", "append evil\ndefault a\n")
    let wanted = try pinned(fixture)
    try fixture.loader.write(wanted, with: fixture.tool(processes: LiveHost()))
    try fixture.loader.verify(wanted)
    #expect(try fixture.ground.text(ExtlinuxFixture.config).contains("MENU END\n# pawl end\n"))
    #expect(try fixture.ground.text("/boot/extlinux/common.cfg") == "append evil\ndefault a\n")
  }

  @Test("a part of Pawl's without an end is refused, and the file left alone")
  func damagedPart() throws {
    let text = ExtlinuxFixture.usual + "# pawl begin entries\nLABEL x\n"
    try ground.lay(ExtlinuxFixture.config, text)
    let error = refusal { try fixture.loader.write(pinned(fixture), with: tool) }
    #expect(error?.message.contains("has no end") == true)
    #expect(try ground.text(ExtlinuxFixture.config) == text)
  }

  @Test("without auxiliary data that the loader would take, it is unable")
  func damagedLoader() throws {
    try fixture.layLoader([UInt8](repeating: 1, count: 1024))
    #expect(refusal { _ = try fixture.loader.oneShot() }?.code == .refused)
    guard case .unable(let sentences) = fixture.loader.oneShotAbility() else {
      Issue.record("it is able")
      return
    }
    #expect(sentences.contains { $0.contains("ldlinux.sys is damaged") })
  }

  @Test("one whole copy of the auxiliary data is enough, and a wrong sum is seen")
  func auxiliaryData() {
    let empty = ExtlinuxFixture.emptyADV
    var torn = empty
    torn[20] = 1
    #expect(ExtlinuxADV(endOf: torn + torn) == nil)
    #expect(ExtlinuxADV(endOf: torn + empty)?.onceCommand == nil)
    #expect(ExtlinuxADV(endOf: empty + torn) != nil)
    #expect(ExtlinuxADV(endOf: empty) == nil)
  }
}

@Suite("extlinux.conf is understood as the loader understands it")
struct ExtlinuxConfigTests {
  private func chosen(_ text: String, saved: String? = nil) -> String? {
    ExtlinuxConfig(text).chosen(saved: saved)?.label.name
  }

  private let labels = "LABEL a\nKERNEL /a\nLABEL b\nMENU DEFAULT\nKERNEL /b x y\nAPPEND -\n"

  @Test("the last default counts; a menu starts its own, a saved or the one on time out")
  func choices() {
    #expect(chosen("DEFAULT a\n" + labels + "default b\n") == "b")
    #expect(chosen(labels) == nil)
    #expect(chosen("DEFAULT B\n" + labels) == nil)
    #expect(chosen("UI menu.c32\nTIMEOUT 10\n" + labels) == "b")
    #expect(chosen("UI menu.c32\nTIMEOUT 10\nDEFAULT a\n" + labels) == "a")
    #expect(chosen("UI menu.c32\nTIMEOUT 10\nMENU SAVE\nDEFAULT a\n" + labels, saved: "b") == "b")
    #expect(chosen("UI menu.c32\nTIMEOUT 10\nONTIMEOUT b\nDEFAULT a\n" + labels) == "b")
    #expect(chosen("UI menu.c32\nDEFAULT a\n" + labels) == nil)
    #expect(chosen("PROMPT 1\nDEFAULT a\n" + labels) == nil)
    #expect(chosen("PROMPT 1\nTIMEOUT 5\nDEFAULT a\n" + labels) == "a")
    #expect(chosen("DEFAULT vesamenu.c32\nTIMEOUT 5\n" + labels) == "b")
  }

  @Test("what stands before all labels is for those without their own; a dash is nothing")
  func append() {
    let config = ExtlinuxConfig("APPEND quiet initrd=/i,/j\n" + labels)
    #expect(config.labels.map(\.commandLine) == ["quiet", "x y"])
    #expect(config.labels[0].initrds == ["/i", "/j"])
    #expect(config.labels[1].initrds.isEmpty)
    #expect(config.labels[1].image == "/b")
  }

  @Test("an included file counts where it is named, and one that includes itself ends")
  func includes() {
    let config = ExtlinuxConfig("INCLUDE x\n" + labels) { name in
      name == "x" ? "DEFAULT a\nMENU INCLUDE x\nLABEL c\nLINUX /c\n" : nil
    }
    #expect(config.labels.first?.name == "c")
    #expect(config.chosen(saved: nil)?.label.name == "a")
  }

  @Test("a text, a hidden and a disabled entry are none that is seen first")
  func unseen() {
    let text = """
      TEXT HELP
      LABEL no
      ENDTEXT
      LABEL hidden
      MENU HIDE
      LABEL off
      MENU DISABLE
      LABEL ^first
      MENU LABEL ^First

      """
    let config = ExtlinuxConfig(text)
    #expect(config.labels.map(\.name) == ["hidden", "off", "^first"])
    #expect(config.first?.title == "First")
    #expect(config.label("off") == nil)
  }
}
