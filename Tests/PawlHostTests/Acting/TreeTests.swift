import Foundation
import Glibc
import PawlHost
import PawlModel
import Testing

@Suite struct TreeTests {
  private let folder: TemporaryFolder
  private let host = LiveHost()

  init() throws {
    folder = try TemporaryFolder()
    mkdir(folder("source"), 0o755)
  }

  @Test("links are recorded with their target and copied as links")
  func links() throws {
    symlink("/usr/src/linux", folder("source/build"))
    let manifest = try host.manifest(of: folder("source"), as: own)
    #expect(manifest.entries.first?.kind == .link)
    #expect(manifest.entries.first?.target == "/usr/src/linux")
    try host.copyTree(manifest, to: folder("target"), as: own)
    try host.copyTree(manifest, to: folder("target"), as: own)
    #expect(try host.manifest(of: folder("target"), as: own).entries == manifest.entries)
    #expect(try host.removeTree(manifest, at: folder("target"), as: own).isEmpty)
    #expect(try host.state(at: folder("target")) == .absent)
  }

  @Test("a pipe in a tree ends its listing in words")
  func pipe() throws {
    mkfifo(folder("source/pipe"), 0o600)
    let error = refusal { _ = try host.manifest(of: folder("source"), as: own) }
    #expect(error?.message.contains("pipe") == true)
  }

  @Test("a folder of the target that is a link is not entered, by copy or removal")
  func targetLink() throws {
    mkdir(folder("source/kernel"), 0o755)
    try write("module", at: folder("source/kernel/one.ko"))
    let manifest = try host.manifest(of: folder("source"), as: own)
    mkdir(folder("target"), 0o755)
    mkdir(folder("elsewhere"), 0o755)
    symlink(folder("elsewhere"), folder("target/kernel"))
    #expect(refusal { try host.copyTree(manifest, to: folder("target"), as: own) } != nil)
    #expect(try host.state(at: folder("elsewhere/one.ko")) == .absent)
    try write("module", at: folder("elsewhere/one.ko"))
    let left = try host.removeTree(manifest, at: folder("target"), as: own)
    #expect(left == ["kernel", "kernel/one.ko"])
    #expect(try host.state(at: folder("elsewhere/one.ko")) != .absent)
  }

  @Test("a link in the source in the place of a file is not followed")
  func sourceLink() throws {
    try write("module", at: folder("source/one.ko"))
    let manifest = try host.manifest(of: folder("source"), as: own)
    rename(folder("source/one.ko"), folder("one.ko"))
    symlink(folder("one.ko"), folder("source/one.ko"))
    #expect(refusal { try host.copyTree(manifest, to: folder("target"), as: own) } != nil)
    #expect(try host.state(at: folder("target/one.ko")) == .absent)
  }

  @Test("a tree of more files than one batch is copied, times included")
  func batches() throws {
    for number in 0..<300 { try write("module \(number)", at: folder("source/\(number).ko")) }
    let manifest = try host.manifest(of: folder("source"), as: own)
    try write("half", at: folder("source/7.ko.tmp"))
    try host.copyTree(manifest, to: folder("target"), as: own)
    let copied = try host.manifest(of: folder("target"), as: own)
    #expect(copied.entries == manifest.entries)
    guard case .file(let from, _, _) = try host.state(at: folder("source/7.ko")),
      case .file(let to, _, _) = try host.state(at: folder("target/7.ko"))
    else {
      Issue.record("no file")
      return
    }
    #expect(from.modifiedNanos == to.modifiedNanos)
  }

  @Test("a copy goes on where a crash left it, and clears what it left")
  func resumption() throws {
    try write("one", at: folder("source/one.ko"))
    try write("two", at: folder("source/two.ko"))
    let manifest = try host.manifest(of: folder("source"), as: own)
    mkdir(folder("target"), 0o755)
    try write("one", at: folder("target/one.ko"))
    try write("tw", at: folder("target/.pawl-00000000000000ff.aside"))
    try host.copyTree(manifest, to: folder("target"), as: own)
    #expect(try host.manifest(of: folder("target"), as: own).entries == manifest.entries)
  }
}
