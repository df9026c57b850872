import Foundation
import Glibc
import PawlHost
import PawlModel
import Synchronization
import Testing

/// Children that run as somebody else than root, their starter.
@Suite struct LentIdentityTests {
  private let folder: TemporaryFolder
  private let host = LiveHost()

  init() throws { folder = try TemporaryFolder() }

  private func output(_ argv: [String], as identity: Identity) throws -> String {
    var bytes: [UInt8] = []
    let request = ProcessRequest(
      argv: argv, environment: ["PATH": "/usr/bin:/bin"], identity: identity, timeoutSeconds: 30,
      token: "t-\(UInt64.random(in: .min ... .max))", spool: folder("spool"))
    let report = try host.run(request) {
      bytes += $0.output
      return .goOn
    }
    try #require(report.succeeded, "\(report)")
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "a child is its user through and through, and its starter stays root",
    .enabled(if: isRoot, why))
  func throughAndThrough() throws {
    let identity = Identity(uid: 4321, gid: 5432, groups: [5432, 6543], name: "x", home: "/")
    let before = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
    let status = try output(
      ["grep", "-E", "^(Uid|Gid|Groups|Cap(Prm|Eff|Amb)):", "/proc/self/status"], as: identity)
    let fields = status.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }
    let expected = [
      ["Uid:", "4321", "4321", "4321", "4321"], ["Gid:", "5432", "5432", "5432", "5432"],
      ["Groups:", "5432", "6543"], ["CapPrm:", "0000000000000000"],
      ["CapEff:", "0000000000000000"], ["CapAmb:", "0000000000000000"],
    ]
    #expect(fields.map { $0.map(String.init) } == expected)
    let after = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
    func identityLines(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { line in
        ["Uid:", "Gid:", "Groups:", "CapPrm:", "CapEff:"].contains { line.hasPrefix($0) }
      }
    }
    #expect(identityLines(after) == identityLines(before))
  }

  /// Changing ids after a fork waits for ever for a thread that was just being made.
  @Test(
    "a child of another user starts while threads come and go",
    .enabled(if: isRoot, why), .timeLimit(.minutes(2)))
  func amongThreads() throws {
    let isOver = Mutex(false)
    try withThreads(3, { while !isOver.withLock({ $0 }) { Thread.brief() } }) {
      defer { isOver.withLock { $0 = true } }
      for _ in 0..<100 {
        let uid = try output(["id", "-u"], as: stranger)
        #expect(uid == "65534\n")
      }
    }
  }

  private func withThreads(
    _ count: Int, _ work: @escaping @Sendable () -> Void, _ body: () throws -> Void
  ) rethrows {
    let ended = DispatchSemaphore(value: 0)
    for _ in 0..<count {
      Thread.detachNewThread {
        work()
        ended.signal()
      }
    }
    defer { for _ in 0..<count { ended.wait() } }
    try body()
  }
}

extension Thread {
  /// A thread that is gone as soon as it has come.
  fileprivate static func brief() {
    var thread = pthread_t()
    if pthread_create(&thread, nil, { _ in nil }, nil) == 0 { pthread_join(thread, nil) }
  }
}
