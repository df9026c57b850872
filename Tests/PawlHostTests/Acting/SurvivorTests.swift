import Foundation
import Glibc
import PawlHost
import Testing

@Suite struct SurvivorTests {
  private let folder: TemporaryFolder
  private let host = LiveHost()
  private let token = "survivor-\(UInt64.random(in: .min ... .max))"

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func start(
    _ seconds: String, token: String, program: String = "/bin/sleep"
  ) throws -> Int32 {
    try DetachedProcess.start(
      argv: [program, seconds], environment: ["PAWL_ATTEMPT": token], logPath: folder("log"))
  }

  @Test("survivors are found by exactly their token, with their name")
  func found() throws {
    let pid = try start("60", token: token)
    let other = try start("60", token: token + "0")
    defer { kill(other, SIGKILL) }
    let found = host.survivors(token: token)
    #expect(found.map(\.pid) == [pid])
    #expect(found.map(\.name) == ["sleep"])
    #expect(host.endSurvivors(token: token, seconds: 5))
    #expect(host.survivors(token: token).isEmpty)
    #expect(host.survivors(token: token + "0").count == 1)
  }

  /// The kernel lets go of the old program before it lays out the new one's environment; a look
  /// in between found no token, and a retry would have begun beside the survivor.
  @Test("a program that has only just begun is found", arguments: 0..<40)
  func justBegun(_ number: Int) throws {
    let pid = try start("60", token: token)
    #expect(host.survivors(token: token).map(\.pid) == [pid])
    kill(pid, SIGKILL)
  }

  @Test(
    "package managers are known by the name that the kernel gives them",
    arguments: [
      ("dpkg", true), ("apt-get", true), ("update-initramfs", true), ("grub-mkconfig", true),
      ("dpkg-query", false), ("make", false),
    ])
  func packageManagers(_ name: String, _ isOne: Bool) throws {
    try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: folder(name))
    try start("60", token: token, program: folder(name))
    let found = host.survivors(token: token)
    #expect(found.map(\.isPackageManager) == [isOne], "\(found)")
    #expect(host.endSurvivors(token: token, seconds: 5))
  }

  @Test("waiting does not signal, and ends with the last survivor or the time")
  func awaited() throws {
    let pid = try start("60", token: token)
    #expect(!host.awaitSurvivors(token: token, seconds: 0))
    #expect(kill(pid, 0) == 0)
    Thread.detachNewThread { _ = kill(pid, SIGKILL) }
    #expect(host.awaitSurvivors(token: token, seconds: 20))
  }
}
