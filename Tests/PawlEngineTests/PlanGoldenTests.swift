import FixtureHosts
import Foundation
import PawlHost
import PawlModel
import PawlRecipes
import Testing

@testable import PawlEngine

@Suite("What a recipe would do on every platform")
struct PlanGoldenTests {
  static let hosts = FixtureHosts.names.filter { $0 != "nothing-readable" }

  @Test("loading vfio-pci is what its golden file says", arguments: hosts)
  func moduleLoad(on name: String) throws {
    try expectGolden("module-load", ["module": "vfio-pci"], on: name)
  }

  @Test(
    "a module with options, for now only", arguments: ["debian-12", "alpine-extlinux", "fedora-42"])
  func moduleLoadForNow(on name: String) throws {
    try expectGolden(
      "module-load", ["module": "vfio-pci", "options": "ids=10de:2204", "persist": "no"], on: name,
      file: "module-load-for-now")
  }

  @Test(
    "a driver of DKMS is what its golden file says, and refused where there is none",
    arguments: hosts)
  func dkms(on name: String) throws {
    try expectGolden("dkms", ["module": name == "rhel-9" ? "zfs" : "nvidia"], on: name)
  }

  /// Where Pawl does not know how one is installed it is refused: a kernel without its initramfs and its
  /// entry in the menu was once installed, and said to be.
  @Test("a kernel of one's own is what its golden file says", arguments: hosts)
  func kernelRebuild(on name: String) throws {
    try expectGolden("kernel-rebuild", own, on: name)
  }

  @Test(
    "and where nothing can be tried, for a person at the console",
    arguments: [
      "arch-grub", "opensuse-grub", "opensuse-bls", "debian-13", "arch-systemd-boot",
      "alpine-extlinux",
    ])
  func kernelRebuildAtConsole(on name: String) throws {
    let settings = ["trial": "i-will-be-at-the-console"]
    try expectGolden(
      "kernel-rebuild", own.merging(settings) { $1 }, on: name, file: "kernel-rebuild-at-console")
  }

  /// Its /boot has no configuration, and /proc only once the module is loaded.
  @Test("a configuration that is in a module is read from it, and the module is unloaded again")
  func configurationInModule() throws {
    let place = FileManager.default.temporaryDirectory.appending(path: "pawl-\(UUID())").path
    try FileManager.default.copyItem(atPath: FixtureHosts.root("alpine-grub").path, toPath: place)
    defer { try? FileManager.default.removeItem(atPath: place) }
    try FileManager.default.removeItem(atPath: place + "/boot/config-6.12.44-0-virt")
    let text = try PlannedHost(name: "alpine-grub", place: place).describe("kernel-rebuild", own)
    let steps = text.components(separatedBy: "\n\n").filter { $0.contains("config") }
    let acts = [
      "modprobe configs", "unpack-config --from /proc/config.gz", "module-unload --module configs",
    ]
    #expect(zip(steps, acts).allSatisfy { $0.contains($1) }, "\(steps)")
    #expect(steps.count > acts.count)
    #expect(text.contains("undo    modprobe -r configs"))
  }

  @Test("a kernel that was built elsewhere is what its golden file says", arguments: hosts)
  func kernelInstall(on name: String) throws {
    let stage = try Stage(release: "6.12.57-pawl1")
    let text = try PlannedHost(name: name).describe("kernel-install", ["stage": stage.path])
    let difference = try Golden.difference(
      text.replacing(stage.path, with: "/home/builder/stage"),
      from: "plan/kernel-install/\(name).txt")
    #expect(difference == nil)
  }

  private let own = [
    "source": "git:https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git@v6.12.57",
    "options": "VFIO_PCI=m", "jobs": "8", "work": "/home/builder/build",
  ]

  @Test("a module that comes first is what the golden file says", arguments: hosts)
  func moduleEarly(on name: String) throws {
    try expectGolden("module-early", ["module": "overlay", "options": "metacopy=on"], on: name)
  }

  @Test("packages of a kernel are what the golden file says", arguments: hosts)
  func kernelPackage(on name: String) throws {
    let format = name == "alpine-grub" ? ["format": "deb"] : [:]
    try expectGolden("kernel-package", own.merging(format) { $1 }, on: name)
  }

  @Test(
    "devices for guests: what its golden file says, refused where they cannot go", arguments: hosts)
  func vfio(on name: String) throws {
    try expectGolden("vfio", ["devices": "0000:01:00.0,0000:01:00.1"], on: name)
  }

  @Test("half of a group is refused", arguments: ["debian-12", "wsl-2"])
  func vfioHalfAGroup(on name: String) throws {
    try expectGolden("vfio", ["devices": "0000:01:00.0"], on: name, file: "vfio-half-a-group")
  }

  @Test(
    "a kernel for WSL is what its golden file says, and refused where no WSL 2 is",
    arguments: hosts)
  func wslKernel(on name: String) throws {
    try expectGolden(
      "wsl-kernel",
      [
        "windows_home": "/mnt/c/Users/me", "version": "6.6.87.2", "jobs": "8",
        "source": "git:https://github.com/microsoft/WSL2-Linux-Kernel@linux-msft-wsl-6.6.y",
        "work": "/home/me/.cache/pawl/build", "options": "VFIO_PCI=y",
      ], on: name)
  }

  @Test("a kernel for WSL with its modules on a disk")
  func wslKernelWithDisk() throws {
    try expectGolden(
      "wsl-kernel",
      [
        "windows_home": "/mnt/c/Users/me", "version": "6.6.87.2", "jobs": "8", "drivers": "disk",
        "source": "git:https://github.com/microsoft/WSL2-Linux-Kernel@linux-msft-wsl-6.6.87.2",
        "work": "/home/me/.cache/pawl/build", "options": "VFIO_PCI=m",
      ], on: "wsl-2-6.6", file: "wsl-kernel-disk")
  }

  private func expectGolden(
    _ recipe: String, _ settings: [String: String], on name: String, file: String? = nil
  ) throws {
    let text = try PlannedHost(name: name).describe(recipe, settings)
    let difference = try Golden.difference(text, from: "plan/\(file ?? recipe)/\(name).txt")
    #expect(difference == nil)
  }
}

/// A kernel that somebody built, with what DKMS needs of it.
private final class Stage {
  let path = NSTemporaryDirectory() + "pawl-stage-\(UUID().uuidString)"

  init(release: String) throws {
    for file in [
      "boot/vmlinuz-\(release)", "boot/config-\(release)", "lib/modules/\(release)/modules.order",
      "usr/src/linux-headers-\(release)/Makefile",
    ] {
      let url = URL(fileURLWithPath: "\(path)/\(file)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("one\n".utf8).write(to: url)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
