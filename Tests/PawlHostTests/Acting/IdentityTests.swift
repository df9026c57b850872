import Foundation
import Glibc
import PawlHost
import PawlModel
import Synchronization
import Testing

/// Who acts: tests that change it need root, the refusal to change it does not.
@Suite struct IdentityTests {
  private let folder: TemporaryFolder
  private let host = LiveHost()

  init() throws { folder = try TemporaryFolder() }

  @Test("without root nobody acts as somebody else", .enabled(if: getuid() != 0, "needs no root"))
  func refused() throws {
    let error = refusal { _ = try publish("x", at: folder("file"), as: .root) }
    #expect(error?.code == .notAllowed)
  }

  @Test("root acting for a user can do what the user can, as the user", .enabled(if: isRoot, why))
  func actsAsUser() throws {
    mkdir(folder("theirs"), 0o755)
    chown(folder("theirs"), stranger.uid, stranger.gid)
    let state = try publish("x", at: folder("theirs/file"), as: stranger)
    guard case .file(let metadata, _, _) = state else {
      Issue.record("no file")
      return
    }
    #expect(metadata.uid == stranger.uid && metadata.gid == stranger.gid)
    try host.makeFolder(at: folder("theirs/more"), mode: 0o700, as: stranger)
    let manifest = try host.manifest(of: folder("theirs"), as: stranger)
    #expect(manifest.entries.map(\.path) == ["file", "more"])
    try host.remove(at: folder("theirs/file"), expecting: state, as: stranger)
  }

  @Test("root acting for a user cannot do what the user cannot", .enabled(if: isRoot, why))
  func cannotMore() throws {
    let error = refusal { _ = try publish("x", at: folder("file"), as: stranger) }
    #expect(error?.code == .notAllowed)
    let secret = try write("secret", at: folder("secret"))
    chmod(folder("secret"), 0o600)
    let reading = refusal { _ = try host.read(at: folder("secret"), as: stranger) { _ in } }
    #expect(reading?.code == .notAllowed)
    // And afterwards this thread is root again.
    try host.remove(at: folder("secret"), expecting: secret, as: own)
  }

  @Test(
    "a child becomes its user while other threads of this process are just being made",
    .enabled(if: isRoot, why), .timeLimit(.minutes(15)))
  func amongNewThreads() throws {
    let isOver = Mutex(false)
    Thread.detachNewThread {
      while !isOver.withLock({ $0 }) { Thread.detachNewThread {} }
    }
    defer { isOver.withLock { $0 = true } }
    for number in 0..<40 {
      let request = ProcessRequest(
        argv: ["true"], environment: ["PATH": "/usr/bin:/bin"], identity: stranger,
        timeoutSeconds: 60, token: "t\(number)", spool: folder("spool"))
      #expect(try host.run(request) { _ in .goOn }.ending == .exited(0))
    }
  }

  @Test(
    "the writer of a user's file runs as the process, not as the user", .enabled(if: isRoot, why))
  func fillAsProcess() throws {
    mkdir(folder("theirs"), 0o777)
    chmod(folder("theirs"), 0o777)
    try write("journal", at: folder("private"))
    chmod(folder("private"), 0o600)
    _ = try host.publish(
      at: folder("theirs/file"), metadata: nil, mode: nil, replacing: .absent, as: stranger
    ) { write in
      _ = try host.read(at: folder("private"), as: own) { try write($0) }
    }
  }

  @Test("root does not follow a stranger's link on the way", .enabled(if: isRoot, why))
  func strangersLink() throws {
    mkdir(folder("real"), 0o755)
    symlink("real", folder("trap"))
    lchown(folder("trap"), stranger.uid, stranger.gid)
    let error = refusal { _ = try publish("x", at: folder("trap/file")) }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("uid \(stranger.uid)") == true)
  }

  @Test(
    "a copy that root makes has no set-id bits and no writers but root", .enabled(if: isRoot, why))
  func copyAsRoot() throws {
    mkdir(folder("staged"), 0o755)
    try write("tool", at: folder("staged/tool"))
    chown(folder("staged/tool"), stranger.uid, stranger.gid)
    chmod(folder("staged/tool"), 0o6775)
    let manifest = try host.manifest(of: folder("staged"), as: own)
    try host.copyTree(manifest, to: folder("installed"), as: own)
    guard case .file(let metadata, _, _) = try host.state(at: folder("installed/tool")) else {
      Issue.record("no file")
      return
    }
    #expect(metadata.mode == 0o755)
    #expect(metadata.uid == 0)
  }
}

let isRoot = getuid() == 0
let why: Comment = "needs root"
