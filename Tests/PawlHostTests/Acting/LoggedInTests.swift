import CPawl
import Foundation
import Glibc
import PawlModel
import Testing

@testable import PawlHost

@Suite("Before a restart: who works here, and is a package manager at work")
struct LoggedInTests {
  private func record(_ type: Int16, _ user: String, _ line: String, _ host: String) -> [UInt8] {
    var entry = utmpx()
    entry.ut_type = type
    func fill<Field>(_ field: inout Field, _ text: String) {
      withUnsafeMutableBytes(of: &field) { $0.copyBytes(from: text.utf8) }
    }
    fill(&entry.ut_user, user)
    fill(&entry.ut_line, line)
    fill(&entry.ut_host, host)
    return withUnsafeBytes(of: entry) { Array($0) }
  }

  @Test("utmp: who is logged in, on which terminal, from where; no login prompts and no dead ones")
  func utmp() throws {
    let bytes =
      record(2, "reboot", "~", "6.1.0") + record(7, "alice", "pts/3", "10.0.0.5")
      + record(6, "LOGIN", "tty1", "") + record(8, "", "pts/9", "") + record(7, "bob", "tty2", "")
    let host = try FakeHost().write("/run/utmp", bytes: bytes + [1, 2, 3])
    let found = LoggedIn.list(root: host.root)
    #expect(found.map(\.inWords) == ["alice on pts/3 from 10.0.0.5", "bob on tty2"])
  }

  @Test(
    "where no utmp is kept, the sessions of logind tell; those of the system itself do not count")
  func sessions() throws {
    let host = try FakeHost()
      .write(
        "/run/systemd/sessions/3", "UID=1000\nUSER=alice\nSTATE=active\nCLASS=user\nTTY=pts/1\n"
      )
      .write("/run/systemd/sessions/4", "USER=carol\nSTATE=closing\nCLASS=user\n")
      .write("/run/systemd/sessions/c1", "USER=gdm\nSTATE=online\nCLASS=greeter\n")
    #expect(LoggedIn.list(root: host.root).map(\.inWords) == ["alice on pts/1"])
    #expect(LoggedIn.list(root: try FakeHost().root).isEmpty)
  }

  @Test("a restart that is ordered for later is seen, and half a file is none")
  func scheduled() throws {
    let host = try FakeHost().write(
      "/run/systemd/shutdown/scheduled", "USEC=10800000000\nWARN_WALL=1\nMODE=reboot\n")
    #expect(
      ScheduledRestart.read(root: host.root)
        == ScheduledRestart(mode: "reboot", wallMillis: 10_800_000))
    try host.write("/run/systemd/shutdown/scheduled", "USEC=108\n")
    #expect(ScheduledRestart.read(root: host.root) == nil)
  }

  @Test("a package manager that holds its lock is waited for, and named where it does not end")
  func packageWork() throws {
    let host = try FakeHost().write("/var/lib/dpkg/lock-frontend", "")
    let work = PackageWork(root: host.root)
    #expect(work.now == nil)
    let path = host.path + "/var/lib/dpkg/lock-frontend"
    let lock = pawl_open_lock(path, 1)
    #expect(pawl_lock(lock) == 0)
    var pauses = 0
    let busy = try #require(work.await(seconds: 10) { pauses += 1 })
    #expect(busy.hasPrefix("apt is at work") && pauses == 5)
    let freed = work.await(seconds: 10) {
      pawl_unlock(lock)
      close(lock)
    }
    #expect(freed == nil)
  }
}
