import Foundation
import PawlModel
import Testing

@testable import PawlHost

@Suite("The settings of WSL, edited key by key")
struct SettingsFileTests {
  private func edited(
    _ text: String, _ key: String, _ value: String, section: String = "wsl2"
  ) throws -> String {
    var file = try SettingsFile(bytes: Array(text.utf8))
    try file.set(key, to: value, in: section)
    return String(decoding: file.bytes, as: UTF8.self)
  }

  @Test("a key that is there gets another value, and nothing else changes")
  func replaces() throws {
    let text =
      "# mine\r\n[WSL2]\r\n  Kernel = C:\\\\old   # since May\r\nmemory=4GB\r\n\r\n[x]\r\nkernel=1\r\n"
    #expect(
      try edited(text, "kernel", "C:\\pawl\\bzImage")
        == text.replacing("C:\\\\old", with: "C:\\\\pawl\\\\bzImage"))
  }

  @Test("a key that is not there goes to the end of its section, before what belongs to the next")
  func inserts() throws {
    #expect(
      try edited("[wsl2]\r\nmemory=4GB\r\n\r\n# about x\r\n[x]\r\na=1\r\n", "kernel", "C:\\k")
        == "[wsl2]\r\nmemory=4GB\r\nkernel=C:\\\\k\r\n\r\n# about x\r\n[x]\r\na=1\r\n")
  }

  @Test("a section that is not there is added at the end, and a last line without an end gets one")
  func addsSection() throws {
    #expect(
      try edited("[x]\na=1", "kernel", "C:\\k") == "[x]\na=1\n\n[wsl2]\nkernel=C:\\\\k\n")
    #expect(try edited("", "kernel", "C:\\k") == "[wsl2]\r\nkernel=C:\\\\k\r\n")
  }

  @Test("a comment is no setting, and what stands in quotes is no comment")
  func comments() throws {
    let text = "[wsl2]\n#kernel=C:\\\\no\nkernelCommandLine=\"a#b\" # c\n"
    let file = try SettingsFile(bytes: Array(text.utf8))
    #expect(try file.value(of: "kernel", in: "wsl2") == nil)
    #expect(try file.value(of: "KERNELCOMMANDLINE", in: "WSL2") == "a#b")
  }

  @Test("a path is read as WSL reads it, and written so that it is read the same")
  func paths() throws {
    for path in ["C:\\Users\\Jürgen Müller\\k", "D:\\a b\\bzImage", "\\\\server\\share\\k"] {
      var file = try SettingsFile(bytes: Array("[wsl2]\r\n".utf8))
      try file.set("kernel", to: path, in: "wsl2")
      #expect(try file.value(of: "kernel", in: "wsl2") == path)
    }
  }

  @Test("a key that is set twice is refused: which of them counts is not known")
  func twice() throws {
    let file = try SettingsFile(bytes: Array("[wsl2]\nkernel=a\n[WSL2]\nKERNEL=b\n".utf8))
    let error = #expect(throws: PawlError.self) { try file.value(of: "kernel", in: "wsl2") }
    #expect(error?.code == .refused)
  }

  @Test(
    "the encoding is kept, its mark too",
    arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian])
  func utf16(encoding: String.Encoding) throws {
    let mark: [UInt8] = encoding == .utf16LittleEndian ? [0xff, 0xfe] : [0xfe, 0xff]
    func bytes(_ text: String) -> [UInt8] { mark + Array(text.data(using: encoding) ?? Data()) }
    var file = try SettingsFile(bytes: bytes("[wsl2]\r\nkernel=ä\r\n; ü\r\n"))
    #expect(try file.value(of: "kernel", in: "wsl2") == "ä")
    try file.set("kernel", to: "C:\\ö", in: "wsl2")
    #expect(file.bytes == bytes("[wsl2]\r\nkernel=C:\\\\ö\r\n; ü\r\n"))
  }

  @Test("a mark of UTF-8 is kept")
  func utf8Mark() throws {
    var file = try SettingsFile(bytes: [0xef, 0xbb, 0xbf] + Array("[wsl2]\r\n".utf8))
    try file.set("kernel", to: "k", in: "wsl2")
    #expect(file.bytes == [0xef, 0xbb, 0xbf] + Array("[wsl2]\r\nkernel=k\r\n".utf8))
  }

  @Test("an old code page is kept too, and takes only what it surely has")
  func codePage() throws {
    let text: [UInt8] = Array("# f".utf8) + [0xfc] + Array("r mich\r\n[wsl2]\r\nkernel=a\r\n".utf8)
    var file = try SettingsFile(bytes: text)
    try file.set("kernel", to: "b", in: "wsl2")
    #expect(file.bytes == Array(text.dropLast(3)) + Array("b\r\n".utf8))
    let error = #expect(throws: PawlError.self) { try file.set("kernel", to: "ü", in: "wsl2") }
    #expect(error?.hint?.contains("UTF-8") == true)
  }

  @Test("what is no text is refused", arguments: [[0x5b, 0x00, 0x77, 0x00], [0xff, 0xfe, 0x41]])
  func noText(bytes: [UInt8]) {
    #expect(throws: PawlError.self) { try SettingsFile(bytes: bytes) }
  }

  @Test("a value with a line end would be another setting, and is refused")
  func injection() throws {
    var file = try SettingsFile(bytes: [])
    for value in ["a\nsafeMode=true", "a\r\n[x]", "\"a"] {
      #expect(throws: PawlError.self) { try file.set("kernel", to: value, in: "wsl2") }
    }
    #expect(file.bytes == [])
  }

  @Test("whatever the bytes, nothing but the one value changes, and nothing traps")
  func fuzz() throws {
    var dice = SystemRandomNumberGenerator()
    let pieces: [[UInt8]] = [
      Array("[wsl2]".utf8), Array("kernel".utf8), Array("=".utf8), Array("\r\n".utf8),
      Array("\n".utf8), Array("#".utf8), Array("\"".utf8), Array(" ".utf8), Array("\\".utf8),
      [0xc3], [0xff, 0xfe], Array("[".utf8), Array("]".utf8), Array("memory=1".utf8),
    ]
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0..<24, using: &dice)).flatMap { _ in
        pieces.randomElement(using: &dice) ?? []
      }
      guard var file = try? SettingsFile(bytes: bytes) else { continue }
      #expect(file.bytes == bytes)
      guard (try? file.set("kernel", to: "C:\\k", in: "wsl2")) != nil else {
        #expect(file.bytes == bytes)
        continue
      }
      #expect(try file.value(of: "kernel", in: "wsl2") == "C:\\k", "\(bytes)")
      let once = file.bytes
      try file.set("kernel", to: "C:\\k", in: "wsl2")
      #expect(file.bytes == once, "\(bytes)")
    }
  }
}
