import FixtureHosts
import PawlModel
import Testing

@testable import PawlHost

@Suite("Whether a kernel has a module")
struct ModuleExistenceTests {
  private func find(_ module: String, on host: String) throws -> String {
    try ModuleExistence.require(
      module, host: HostDetection(root: FixtureHosts.root(host)))
  }

  @Test("a file, a loaded module and a part of the kernel all count, on every family")
  func there() throws {
    #expect(try find("vfio-pci", on: "alpine-extlinux").contains("vfio-pci.ko.gz"))
    #expect(try find("overlay", on: "debian-12").contains("is loaded"))
    #expect(try find("btrfs", on: "fedora-42").contains("built into"))
  }

  @Test(
    "what is missing, blocked or not known is said, with what to do",
    arguments: [
      ("wireguard", "ubuntu-24.04", "linux-modules-extra-6.8.0-79-generic"),
      ("btrfs", "rhel-9", "Build a kernel with CONFIG_BTRFS_FS"),
      ("vfio-pci", "alpine-grub", "linux-lts"),
      ("wireguard", "wsl-2-custom", "Install the modules of this kernel"),
    ])
  func missing(module: String, host: String, hint: String) {
    let error = #expect(throws: PawlError.self) { try find(module, on: host) }
    #expect(error?.code == .stepFailed)
    #expect(error?.hint?.contains(hint) == true, "\(error?.hint ?? "none")")
  }

  @Test("a module that modprobe would not load is none")
  func blocked() throws {
    let host = try FakeHost().running("6.1.0").write("/proc/modules", "")
      .write("/lib/modules/6.1.0/modules.dep", "kernel/pcspkr.ko:\n")
      .write("/lib/modules/6.1.0/modules.builtin", "")
      .write("/etc/modprobe.d/x.conf", "install pcspkr /bin/false\n")
    let error = #expect(throws: PawlError.self) {
      try ModuleExistence.require("pcspkr", host: HostDetection(root: host.root))
    }
    #expect(error?.hint?.contains("Remove line 1") == true)
  }
}
