import Foundation
import PawlModel
import Testing

@testable import PawlHost

@Suite("People who log in are told, and a boot never depends on it")
struct LoginMessageTests {
  private func message(_ host: FakeHost) -> LoginMessage {
    LoginMessage(root: host.root, files: LiveHost(), identity: own)
  }

  @Test("a message is put in place, replaced and removed, readable for all")
  func life() throws {
    let host = try FakeHost().folder("/run")
    let place = host.path + "/run/motd.d/pawl"
    #expect(message(host).show(["Plan 7: rolled back"]) == .shown(place))
    #expect(message(host).show(["Plan 7: done", "Nothing to do"]) == .shown(place))
    #expect(host.root.text(LoginMessage.path) == .present("Plan 7: done\nNothing to do\n"))
    #expect(
      host.root.text(LoginMessage.consolePath) == .present("Plan 7: done\nNothing to do\n"))
    let mode = try FileManager.default.attributesOfItem(atPath: place)[.posixPermissions]
    #expect(mode as? Int == 0o644)
    #expect(message(host).remove() == .removed)
    #expect(host.root.list("/run/motd.d") == .present([]))
    #expect(host.root.list("/run/issue.d") == .present([]))
    #expect(message(host).remove() == .removed)
  }

  @Test("what stands in the way is a reason in words, not an error")
  func blocked() throws {
    let host = try FakeHost().write("/run/motd.d", "a file")
    guard case .failed(let reason) = message(host).show(["x"]) else {
      Issue.record("it was shown")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test("a link in the place of the message is not followed")
  func link() throws {
    let host = try FakeHost().write("/etc/victim", "kept").folder("/run/motd.d")
      .link("/run/motd.d/pawl", to: "/etc/victim")
    _ = message(host).show(["x"])
    #expect(host.root.text("/etc/victim") == .present("kept"))
  }

  @Test("agetty takes a backslash for an order: it is doubled for the console alone")
  func backslash() throws {
    let host = try FakeHost().folder("/run")
    _ = message(host).show(["a\u{1b}b"])
    #expect(host.root.text(LoginMessage.path) == .present("a\\x1bb\n"))
    #expect(host.root.text(LoginMessage.consolePath) == .present("a\\\\x1bb\n"))
  }

  @Test("a long sentence is broken at words, as deep as it stands")
  func wraps() {
    let sentence = "  " + [String](repeating: "seven77", count: 30).joined(separator: " ")
    let lines = LoginMessage.text(["Short, and kept  as it is", sentence]).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[1].hasPrefix("  seven77") && lines[2].hasPrefix("    seven77"))
    #expect(lines.allSatisfy { $0.count <= 96 })
    #expect(
      lines.joined(separator: " ").split(separator: " ").filter { $0 == "seven77" }.count == 30)
  }

  @Test("a message is bounded and drives no terminal")
  func bounds() {
    let long = [String](repeating: String(repeating: "\u{1b}", count: 1000), count: 100)
    let text = LoginMessage.text(long)
    #expect(text.split(separator: "\n").count == 41)
    #expect(text.utf8.count < 60_000 && !text.unicodeScalars.contains("\u{1b}"))
  }
}
