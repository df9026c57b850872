import Foundation
import Testing

@testable import PawlHost

@Suite("A system below a root")
struct HostRootTests {
  @Test("absent, unreadable and present are three answers")
  func threeAnswers() throws {
    let host = try FakeHost().write("/etc/hostname", "oak\n").folder("/etc/folder")
    #expect(host.root.line("/etc/hostname") == .present("oak"))
    #expect(host.root.read("/etc/none") == .absent)
    #expect(host.root.read("/etc/hostname/below-a-file") == .absent)
    #expect(host.root.read("/etc/folder") == .unreadable("it is a folder"))
  }

  @Test("a link with an absolute target stays inside the root")
  func absoluteLink() throws {
    let host = try FakeHost().write("/usr/lib/os-release", "ID=inside\n")
      .link("/etc/os-release", to: "/usr/lib/os-release").link("/lib", to: "/usr/lib")
    #expect(host.root.text("/etc/os-release") == .present("ID=inside\n"))
    #expect(host.root.text("/lib/os-release") == .present("ID=inside\n"))
  }

  @Test("a link that climbs stops at the root")
  func climbingLink() throws {
    let host = try FakeHost().write("/secret", "inside")
      .link("/a/b", to: "../../../../../../secret").link("/passwd", to: "/etc/passwd")
    #expect(host.root.text("/a/b") == .present("inside"))
    #expect(host.root.read("/passwd") == .absent)
    #expect(host.root.text("/a/../../secret") == .present("inside"))
  }

  @Test("a loop of links is unreadable, not endless")
  func loop() throws {
    let host = try FakeHost().link("/a", to: "/b").link("/b", to: "/a")
    #expect(host.root.read("/a") == .unreadable("too many symbolic links"))
    #expect(host.root.list("/a") == .unreadable("too many symbolic links"))
  }

  @Test("a pipe is refused instead of waited for")
  func pipe() throws {
    let host = try FakeHost()
    #expect(mkfifo(host.root.path("/pipe"), 0o600) == 0)
    #expect(host.root.read("/pipe") == .unreadable("it is not a regular file"))
  }

  @Test("a file beyond the limit is unreadable")
  func limit() throws {
    let host = try FakeHost().write("/big", String(repeating: "x", count: 100))
    #expect(host.root.read("/big", limit: 100).value?.count == 100)
    #expect(host.root.read("/big", limit: 99) == .unreadable("it is larger than 99 bytes"))
  }

  @Test("files of /proc that claim no size are read to their end")
  func sizeless() {
    #expect(HostRoot.live.line("/proc/sys/kernel/osrelease").value?.isEmpty == false)
  }

  @Test(
    "a root's path is cleaned and joined",
    arguments: [("", "/", "/etc"), ("/", "/", "/etc"), ("/mnt/", "/mnt", "/mnt/etc")])
  func joining(given: String, path: String, joined: String) {
    #expect(HostRoot(path: given).path == path)
    #expect(HostRoot(path: given).path("/etc") == joined)
    #expect(HostRoot(path: given).path("etc") == joined)
  }
}

@Suite("The kernel's release")
struct KernelReleaseTests {
  @Test("the running release comes from /proc")
  func running() throws {
    let host = try FakeHost().running("6.1.0-50-cloud-amd64")
    let release = KernelRelease.detect(root: host.root).value
    #expect(release?.text == "6.1.0-50-cloud-amd64")
    #expect(release?.isRunning == true)
    #expect(release?.upstream == [6, 1, 0])
  }

  @Test("/proc/version serves where osrelease is missing")
  func version() throws {
    let host = try FakeHost().write("/proc/version", "Linux version 4.4.0-1-Microsoft (x@y) …\n")
    #expect(KernelRelease.detect(root: host.root).value?.text == "4.4.0-1-Microsoft")
  }

  @Test("without /proc the newest installed kernel is named, and said to be only that")
  func newest() throws {
    let host = try FakeHost().folder("/lib/modules/6.1.9-amd64").folder("/lib/modules/6.1.10-amd64")
      .folder("/lib/modules/6.1.10-rc2-amd64").folder("/lib/modules/extra")
    let release = KernelRelease.detect(root: host.root).value
    #expect(release?.text == "6.1.10-amd64")
    #expect(release?.source == .newestInstalled(folder: "/lib/modules"))
    #expect(release?.isRunning == false)
  }

  @Test("a root without any kernel has no release")
  func nothing() throws {
    #expect(KernelRelease.detect(root: try FakeHost().root) == .absent)
  }

  @Test(
    "versions compare by their numbers",
    arguments: [
      ("6.1.9", "6.1.10"), ("5.15.0-rc7", "5.15.0"), ("6.1.0-9-amd64", "6.1.0-10-amd64"),
      ("5.15.146.1", "5.15.153.1"), ("6.6.87", "6.18.35.2"),
    ])
  func order(older: String, newer: String) {
    #expect(KernelVersion.precedes(older, newer))
    #expect(!KernelVersion.precedes(newer, older))
    #expect(!KernelVersion.precedes(older, older))
  }
}
