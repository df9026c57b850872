import FixtureHosts
import Testing

@testable import PawlHost

@Suite("What WSL sees of Windows")
struct WindowsSideTests {
  private func host(_ mounts: String, _ settings: String? = nil) throws -> WindowsSide {
    let host = try FakeHost().write("/proc/self/mountinfo", mounts)
      .write("/proc/sys/fs/binfmt_misc/WSLInterop", "enabled\n")
    if let settings { try host.write("/etc/wsl.conf", settings) }
    return WindowsSide.detect(root: host.root)
  }

  private let standard =
    "60 20 0:60 / /mnt/c rw - 9p C:\\134 rw,aname=drvfs;path=C:\\;uid=1000\n"

  @Test("drives are what is mounted, wherever, and not what is usual")
  func drives() throws {
    let moved =
      standard.replacing("/mnt/c", with: "/c")
      + "61 20 0:61 / /d\\040rive rw - drvfs D: rw\n62 20 0:62 / /mnt/x rw - 9p drivers rw,aname=drivers\n"
    let found = try host(moved)
    #expect(
      found.drives == [
        .init(letter: "C", mountPoint: "/c"), .init(letter: "D", mountPoint: "/d rive"),
      ])
    #expect(found.onSystemDrive("Windows/System32/wsl.exe") == "/c/Windows/System32/wsl.exe")
    #expect(try host("").onSystemDrive("x") == nil)
  }

  @Test("what wsl.conf says of systemd, the command at start and interop is read")
  func settings() throws {
    let found = try host(
      standard,
      "[boot]\r\nsystemd = true\r\ncommand=\"service docker start\" # mine\r\n[interop]\r\nenabled=false\r\n"
    )
    #expect(found.systemd)
    #expect(found.bootCommand == "service docker start")
    #expect(found.interop == false)
    #expect(try host(standard).interop == true)
    #expect(try !host(standard).systemd)
  }

  @Test("settings that are no text are told, not taken for none")
  func damaged() throws {
    let root = try FakeHost().write("/etc/wsl.conf", bytes: [0x5b, 0x00, 0x62, 0x00]).root
    #expect(WindowsSide.detect(root: root).settingsReason?.contains("NUL") == true)
  }

  @Test("the fixtures of WSL 2 have their drive C:")
  func fixtures() {
    for name in ["wsl-2-5.15", "wsl-2-6.6", "wsl-2-custom"] {
      let found = WindowsSide.detect(root: FixtureHosts.root(name))
      #expect(found.drives == [.init(letter: "C", mountPoint: "/mnt/c")], "\(name)")
    }
  }
}
