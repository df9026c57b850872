import Foundation
import Glibc
import PawlHost
import PawlModel
import Testing

@Suite struct PublishRefusalTests {
  private let folder: TemporaryFolder
  private let host = LiveHost()

  init() throws { folder = try TemporaryFolder() }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test("a link is refused by name, and what it leads to stays")
  func link() throws {
    let victim = try write("victim", at: folder("victim"))
    symlink(folder("victim"), folder("link"))
    let state = try host.state(at: folder("link"))
    #expect(state == .other(kind: "link"))
    let error = refusal { _ = try publish("evil", at: folder("link"), replacing: victim) }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("symbolic link to \(folder("victim"))") == true)
    #expect(try host.state(at: folder("victim")) == victim)
    #expect(try names() == ["link", "victim"])
  }

  @Test("a file with two names is refused")
  func hardLink() throws {
    let state = try write("one", at: folder("one"))
    #expect(Glibc.link(folder("one"), folder("two")) == 0)
    let error = refusal { _ = try publish("new", at: folder("one"), replacing: state) }
    #expect(error?.message.contains("2 names") == true)
    let removal = refusal { try host.remove(at: folder("two"), expecting: state, as: own) }
    #expect(removal?.code == .refused)
  }

  @Test("an immutable file is refused with the command that unmarks it")
  func immutable() throws {
    let state = try write("fixed", at: folder("fixed"))
    guard Shell.run("chattr", "+i", folder("fixed")) == 0 else { return }
    defer { Shell.run("chattr", "-i", folder("fixed")) }
    let error = refusal { _ = try publish("new", at: folder("fixed"), replacing: state) }
    #expect(error?.message.contains("immutable") == true)
    #expect(error?.hint?.contains("chattr -i") == true)
  }

  @Test("a pipe neither blocks nor is replaced")
  func pipe() throws {
    mkfifo(folder("pipe"), 0o600)
    #expect(try host.state(at: folder("pipe")) == .other(kind: "pipe"))
    #expect(refusal { _ = try publish("x", at: folder("pipe")) }?.code == .refused)
  }

  @Test("an edit in the last instant is put back and reported")
  func lastInstant() throws {
    let before = try write("old", at: folder("file"))
    let error = refusal {
      _ = try host.publish(
        at: folder("file"), metadata: nil, mode: nil, replacing: before, as: own
      ) { write in
        try write(Array("new".utf8))
        try PawlHostTests.write("edited meanwhile", at: folder("file"))
      }
    }
    #expect(error?.code == .needsPerson)
    #expect(try String(contentsOfFile: folder("file"), encoding: .utf8) == "edited meanwhile")
    #expect(try names() == ["file"])
  }

  @Test("what takes a file's place in the last instant keeps it, and a removal stands")
  func replacedInLastInstant() throws {
    let changes: [(String, (String) throws -> Void)] = [
      ("link", { symlink("elsewhere", $0) }), ("folder", { mkdir($0, 0o755) }),
      ("absent", { _ in }),
      ("file", { try PawlHostTests.write("another", at: $0) }),
    ]
    for (kind, change) in changes {
      let path = folder(kind)
      let before = try write("old", at: path)
      let error = refusal {
        _ = try host.publish(at: path, metadata: nil, mode: nil, replacing: before, as: own) {
          try $0(Array("new".utf8))
          unlink(path)
          try change(path)
        }
      }
      #expect(error?.code == .needsPerson, "\(kind)")
      let state = try host.state(at: path)
      switch kind {
      case "absent": #expect(state == .absent)
      case "file": #expect(state.digest == SHA256.hash("another".utf8))
      default: #expect(state == .other(kind: kind))
      }
    }
    #expect(try names() == ["file", "folder", "link"])
  }

  @Test("a file that appears in the last instant is not replaced")
  func appearance() throws {
    let error = refusal {
      _ = try host.publish(
        at: folder("file"), metadata: nil, mode: nil, replacing: .absent, as: own
      ) { _ in try PawlHostTests.write("somebody's", at: folder("file")) }
    }
    #expect(error?.code == .needsPerson)
    #expect(try String(contentsOfFile: folder("file"), encoding: .utf8) == "somebody's")
    #expect(try names() == ["file"])
  }

  @Test("relative paths and paths of folders are refused in words")
  func paths() throws {
    #expect(refusal { _ = try publish("x", at: "etc/hosts") }?.code == .refused)
    #expect(refusal { _ = try publish("x", at: "/") }?.code == .refused)
    #expect(refusal { _ = try publish("x", at: folder("a/..")) }?.code == .refused)
    #expect(refusal { _ = try publish("x", at: folder("no/file")) }?.code == .noInput)
  }

  @Test("a link of one's own on the way is followed")
  func ownLink() throws {
    mkdir(folder("real"), 0o755)
    symlink("real", folder("alias"))
    _ = try publish("words", at: folder("alias/file"))
    #expect(try host.state(at: folder("real/file")).digest == SHA256.hash("words".utf8))
  }

  @Test("below a root, links lead to places below that root")
  func confinement() throws {
    mkdir(folder("root"), 0o755)
    mkdir(folder("root/usr"), 0o755)
    symlink("/usr", folder("root/absolute"))
    symlink("../../../../usr", folder("root/upward"))
    let host = LiveHost(root: folder("root"))
    _ = try publish("1", at: folder("root/absolute/pawl-one"), host: host)
    _ = try publish("2", at: folder("root/upward/pawl-two"), host: host)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("root/usr")).count == 2)
  }

  @Test("what a dead writer left is removed, what a living one writes is not")
  func leftovers() throws {
    try write("half", at: folder(".pawl-0123456789abcdef.aside"))
    try write("half", at: folder(".pawl-name.aside"))
    _ = try host.publish(
      at: folder("file"), metadata: nil, mode: nil, replacing: .absent, as: own
    ) { write in
      try write(Array("whole".utf8))
      let removed = try host.removeLeftovers(in: folder.path, as: own)
      #expect(removed == [".pawl-0123456789abcdef.aside"])
    }
    #expect(try names() == [".pawl-name.aside", "file"])
  }

  @Test("user attributes come back with recorded metadata, and stay with new bytes")
  func attributes() throws {
    let value = Array("kept".utf8)
    try write("old", at: folder("file"))
    guard Shell.setAttribute("user.pawl", value, folder("file")) else { return }
    let before = try host.state(at: folder("file"))
    let after = try publish("new", at: folder("file"), replacing: before)
    guard case .file(let metadata, _, _) = after, case .file(let recorded, _, _) = before else {
      Issue.record("no file")
      return
    }
    #expect(metadata.attributes["user.pawl"] == Data(value).base64EncodedString())
    let restored = try host.publish(
      at: folder("file"), metadata: recorded, mode: nil, replacing: after, as: own
    ) { try $0(Array("old".utf8)) }
    #expect(restored == before)
  }
}
