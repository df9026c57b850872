import FixtureHosts
import Testing

@testable import PawlHost

@Suite("What loads modules at boot")
struct BootModulesTests {
  private func detect(_ host: FakeHost) -> BootModules {
    BootModules.detect(host: HostDetection(root: host.root))
  }

  @Test("systemd reads modules-load.d, and so does what has no service that says otherwise")
  func systemd() throws {
    let host = try FakeHost().write("/usr/lib/systemd/systemd")
      .write("/etc/init.d/modules", "# only /etc/modules\n")
    #expect(detect(host).place == .modulesLoad)
    #expect(detect(try FakeHost()).place == .modulesLoad)
  }

  @Test("OpenRC reads what its service says, where that is in a runlevel")
  func openRC() throws {
    let both = try FakeHost().write("/etc/init.d/modules", "find_modules /etc/modules-load.d\n")
      .link("/etc/runlevels/boot/modules", to: "/etc/init.d/modules")
    #expect(detect(both).place == .modulesLoad)
    let line = try FakeHost().write("/etc/init.d/modules", "cat /etc/modules\n")
      .link("/etc/runlevels/boot/modules", to: "/etc/init.d/modules")
    #expect(detect(line).place == .etcModules)
    let off = try FakeHost().write("/etc/init.d/modules", "cat /etc/modules\n")
      .folder("/etc/runlevels/boot")
    #expect(detect(off).place == .none)
    #expect(detect(off).obstacle?.hint.contains("rc-update add modules boot") == true)
  }

  @Test("under WSL nothing does, unless systemd runs")
  func wsl() {
    let off = FixtureHosts.root("wsl-2-6.6")
    #expect(BootModules.detect(host: HostDetection(root: off)).place == .modulesLoad)
  }

  @Test("under WSL without systemd nothing does, and what would is said")
  func wslWithoutSystemd() throws {
    let host = try FakeHost().running("6.6.87.1-microsoft-standard-WSL2")
    #expect(detect(host).place == .none)
    #expect(detect(host).obstacle?.hint.contains("/etc/wsl.conf") == true)
  }
}
