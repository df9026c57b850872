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

  /// dracut(8): `dracut [OPTION...] [<image> [<kernel version>]]`; mkinitcpio(8): `-k`, `-g`.
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
        "arch", "mkinitcpio",
        "[ \"$1\" = --kernel ] && [ \"$3\" = --generate ] && [ $# -eq 4 ]; out=$4; of=$2",
        "/boot/initramfs-R.img", "mkinitcpio --kernel R --generate /boot/.pawl-initramfs-R"
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
