import Foundation
import PawlModel
import Testing

@testable import PawlHost

@Suite("An initramfs is made as the distribution makes it, and never half")
struct KernelInitramfsTests {
  private let ground: LoaderGround
  private let release = LoaderGround.new

  init() throws { ground = try LoaderGround() }

  /// What the program wrote aside is what stands in place.
  private func make(_ family: String, _ tool: String, _ script: String) throws {
    try ground.lay("/etc/os-release", "ID=\(family)\n")
    try ground.addProgram(tool, script)
    // Where Alpine has its own.
    try ground.lay("/sbin/\(tool)", "")
    let layout = try #require(KernelLayout.of(ground.root))
    try KernelInitramfs(
      root: ground.root, release: release, place: layout.initramfs(of: release), files: LiveHost()
    )
    .make(with: ground.tool(processes: LiveHost()))
  }

  /// dracut(8): `dracut [OPTION...] [<image> [<kernel version>]]`; mkinitfs(1)
  @Test(
    "it has the name that the boot menu looks for, by the program of the family",
    arguments: [
      (
        "fedora", "dracut", "[ \"$1\" = --force ] && [ $# -eq 3 ]; out=$2; of=$3",
        "/boot/initramfs-R.img", "dracut --force /boot/.pawl-initramfs-R R"
      ),
      (
        "opensuse-leap", "dracut", "[ \"$1\" = --force ] && [ $# -eq 3 ]; out=$2; of=$3",
        "/boot/initrd-R", "dracut --force /boot/.pawl-initramfs-R R"
      ),
      (
        "alpine", "mkinitfs", "[ \"$1\" = -o ] && [ $# -eq 3 ]; out=$2; of=$3",
        "/boot/initramfs-R", "mkinitfs -o /boot/.pawl-initramfs-R R"
      ),
    ])
  func names(
    _ family: String, _ tool: String, _ reading: String, _ path: String, _ asked: String
  ) throws {
    try make(family, tool, reading + "; printf '070701 for %s' \"$of\" >\"$out\"\n")
    let place = path.replacingOccurrences(of: "R", with: release)
    #expect(try ground.text(place) == "070701 for \(release)")
    #expect(ground.record == [asked.replacingOccurrences(of: "R", with: release)])
    #expect(!ground.root.exists("/boot/.pawl-initramfs-\(release)"))
  }

  /// An image of mkinitcpio that does not find its root waits at a shell for ever, and no word of the command
  /// line ends that: a trial on Arch would not have come back.
  @Test("an image of mkinitcpio is given a hook that ends a trial, beside the host's own hooks")
  func mkinitcpio() throws {
    try make("arch", "mkinitcpio", MkinitcpioStandIn.script)
    #expect(
      try ground.text("/boot/initramfs-\(release).img")
        == "070701 for \(release), hooks: pawl-return\n" + MkinitcpioHooks.returnScript)
    let asked = try #require(ground.record.first)
    #expect(asked.contains("--hookdir /etc/initcpio --hookdir /usr/lib/initcpio"))
    let words = asked.split(separator: " ").map(String.init)
    let folder = try #require(words.lastIndex(of: "--hookdir").map { words[$0 + 1] })
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  /// What a shell makes of the hook: in a boot that is no trial it does nothing.
  @Test("the hook is a script that a small shell understands, and is silent without a trial")
  func returnScript() throws {
    let script = MkinitcpioHooks.returnScript + "run_earlyhook; run_emergencyhook; echo done\n"
    try ground.lay("/hook", script)
    #expect(Shell.run("sh", "-n", ground.root.path("/hook")) == 0)
    #expect(Shell.run("sh", "-e", ground.root.path("/hook")) == 0)
  }

  @Test(
    "a program that ends well and writes nothing, or something else, changes nothing",
    arguments: ["true", ": >\"$2\"", "echo error >\"$2\""])
  func disbelieves(_ script: String) throws {
    let place = "/boot/initramfs-\(release).img"
    try ground.lay(place, "070701 of before")
    let fault = #expect(throws: PawlError.self) { try make("fedora", "dracut", script + "\n") }
    #expect(fault?.message.hasPrefix("dracut ended well, and ") == true)
    #expect(try ground.text(place) == "070701 of before")
  }

  @Test("without a program for it, none is promised")
  func noProgram() throws {
    try ground.lay("/etc/os-release", "ID=fedora\n")
    let layout = try #require(KernelLayout.of(ground.root))
    #expect(throws: PawlError.self) {
      try KernelInitramfs(
        root: ground.root, release: release, place: layout.initramfs(of: release), files: LiveHost()
      )
    }
  }
}
