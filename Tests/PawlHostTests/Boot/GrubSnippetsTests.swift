import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("GRUB of Fedora and RHEL, whose menu reads the entries of kernels from files")
struct GrubSnippetsTests {
  private let fixture: GrubSnippetsFixture
  private var ground: LoaderGround { fixture.ground }
  private var tool: Tool { fixture.tool(processes: LiveHost()) }
  private var loader: any BootLoader { fixture.loader(files: LiveHost()) }

  init() throws { fixture = try GrubSnippetsFixture() }

  @Test("it keeps", arguments: LoaderContract.promises)
  func keeps(_ promise: LoaderContract.Promise) throws {
    try promise.check(LoaderContract { try GrubSnippetsFixture() })
  }

  private func id(_ release: String) -> String { "\(GrubSnippetsFixture.machine)-\(release)" }

  private func savedEntry() throws -> String? {
    let bytes = Array(try ground.text(GrubSnippetsFixture.environment).utf8)
    return try GrubEnvironment(bytes).values["saved_entry"]
  }

  @Test("It is recognised by where its menu is, and its own programs are asked")
  func recognised() throws {
    let found = BootLoaders.detect(root: fixture.root, files: LiveHost())
    #expect((found as? GrubLoader)?.layout == .renamed)
    #expect(found?.changedFiles == ["/etc/grub.d/09_pawl", "/boot/grub2/grub.cfg"])
    try loader.setOneShot(id(fixture.running), with: tool)
    #expect(
      ground.record.last
        == "grub2-editenv /boot/grub2/grubenv set next_entry=\(id(fixture.running))")
  }

  @Test("A new kernel that kernel-install makes the default is not what a plain boot starts")
  func defaultIsTakenBack() throws {
    try loader.addKernel(fixture.new, with: tool)
    #expect(try savedEntry() == id(fixture.running))
    #expect(try loader.plainChoice()?.id == id(fixture.running))
    let inOrder = [fixture.running, fixture.new, "0-rescue"].map(id)
    #expect(try loader.entries().map(\.id) == inOrder)
  }

  @Test("A default that a cut left behind goes with its entry, and the fallback's own comes back")
  func leftDefault() throws {
    try loader.addKernel(fixture.new, with: tool)
    try ground.lay(
      GrubSnippetsFixture.environment, GrubFixture.block(["saved_entry": id(fixture.new)]))
    try loader.removeKernel(fixture.new, with: tool)
    #expect(try savedEntry() != id(fixture.new))
    #expect(try loader.distributionEntry(of: fixture.new) == nil)
    #expect(try ground.text("/boot/vmlinuz-\(fixture.new)") == "image of \(fixture.new)")
  }

  @Test("An entry that a cut left torn is written again", arguments: ["", "title Fedora Linux\n"])
  func torn(_ text: String) throws {
    try ground.lay(GrubSnippetsFixture.path(of: fixture.new), text)
    try loader.addKernel(fixture.new, with: tool)
    let entry = try loader.distributionEntry(of: fixture.new)
    #expect(entry?.initrds == ["/boot/initramfs-\(fixture.new).img"])
    #expect(entry?.commandLine == LoaderGround.commandLine)
  }

  @Test("An entry whose initramfs nobody made is not called added")
  func withoutInitramfs() throws {
    try ground.remove("/boot/initramfs-\(fixture.new).img")
    let error = #expect(throws: PawlError.self) {
      try loader.addKernel(fixture.new, with: tool)
    }
    #expect(error?.hint?.contains("dracut") == true)
  }

  @Test("Where installing a kernel would rewrite the whole menu in place, it is refused before")
  func staleCommandLine() throws {
    try ground.lay("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\n")
    let past = Date(timeIntervalSince1970: 1_000_000)
    try FileManager.default.setAttributes(
      [.modificationDate: past], ofItemAtPath: fixture.root.path("/etc/kernel/cmdline"))
    let asked = ground.record.count
    let error = #expect(throws: PawlError.self) {
      try loader.addKernel(fixture.new, with: tool)
    }
    #expect(error?.code == .refused && ground.record.count == asked)
    #expect(error?.hint?.contains("grub2-mkconfig -o /boot/grub2/grub.cfg") == true)
  }

  @Test("The command line of a trial does not become that of a kernel")
  func trialCommandLine() throws {
    try ground.lay("/etc/kernel/cmdline", "root=UUID=3f0c pawl.trial=j.1.trial.1\n")
    #expect(throws: PawlError.self) { try loader.addKernel(fixture.new, with: tool) }
  }

  @Test("Variables of the environment block are part of what an entry starts (RHEL 8 and 9)")
  func variables() throws {
    try ground.lay(
      GrubSnippetsFixture.path(of: fixture.new),
      """
      title Red Hat Enterprise Linux (\(fixture.new))
      linux /vmlinuz-\(fixture.new)
      initrd /initramfs-\(fixture.new).img $tuned_initrd
      options $kernelopts $tuned_params

      """)
    try ground.lay(
      GrubSnippetsFixture.environment, GrubFixture.block(["kernelopts": "root=/dev/vda1 ro"]))
    let entry = try loader.distributionEntry(of: fixture.new)
    #expect(entry?.commandLine == "root=/dev/vda1 ro")
    #expect(entry?.initrds == ["/boot/initramfs-\(fixture.new).img"])
  }

  @Test("A counter of failed boots, which knows no kernels, does not choose over the pin")
  func bootCounter() throws {
    let text = try ground.text(GrubSnippetsFixture.menu)
    #expect(GrubMenu(text, environment: ["boot_counter": "0"]).readsSnippets)
    let folder = "/boot/pawl/fallback-\(fixture.running)"
    for name in ["vmlinuz", "initrd.img"] { try ground.lay("\(folder)/\(name)", name) }
    let fallback = BootEntry(
      id: PawlEntries.fallbackID, title: "Known to boot", image: folder + "/vmlinuz",
      initrds: [folder + "/initrd.img"], commandLine: LoaderGround.commandLine)
    try loader.write(PawlEntries(fallback: fallback, files: [:]), with: tool)
    let snippets = try GrubSnippets(root: fixture.root).read()
    let menu = GrubMenu(
      try ground.text(GrubSnippetsFixture.menu), environment: ["boot_counter": "0"],
      snippets: snippets)
    #expect(menu.chosen?.id == PawlEntries.fallbackID)
  }

  @Test("SUSE's configuration says whether a menu of GRUB is still what starts the host")
  func loaderType() throws {
    for (type, isGrub) in [
      ("grub2", true), ("grub2-efi", true), ("grub2-bls", false), ("systemd-boot", false),
    ] {
      try ground.lay("/etc/sysconfig/bootloader", "## Type: string\nLOADER_TYPE=\"\(type)\"\n")
      #expect((GrubLayout.find(below: fixture.root) != nil) == isGrub, "\(type)")
    }
  }
}
