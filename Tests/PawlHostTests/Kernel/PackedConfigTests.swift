import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("A configuration that is only there packed can be built from")
struct PackedConfigTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func pack(_ text: String) throws -> String {
    let plain = folder("config")
    try text.write(toFile: plain, atomically: true, encoding: .utf8)
    _ = try #require(Shell.run("gzip", plain) == 0 ? 0 : nil)
    return plain + ".gz"
  }

  @Test("it is unpacked whole, over what stood there, as often as wanted")
  func unpacks() throws {
    let text = "# Linux/x86 6.17.5-arch1-1 Kernel Configuration\nCONFIG_VFIO=m\n"
    let packed = PackedConfig(path: try pack(text))
    let place = folder("build/.config")
    for _ in 0..<2 {
      try packed.unpack(to: place, with: LiveHost())
      #expect(try String(contentsOfFile: place, encoding: .utf8) == text)
    }
  }

  @Test("what is no configuration, or not there, is refused in words")
  func refuses() throws {
    let other = PackedConfig(path: try pack("<html>"))
    let missing = PackedConfig(path: folder("nowhere.gz"))
    for packed in [other, missing] {
      let fault = #expect(throws: PawlError.self) {
        try packed.unpack(to: folder("build/.config"), with: LiveHost())
      }
      #expect(fault?.message.contains("cannot be unpacked") == true)
    }
    #expect(!FileManager.default.fileExists(atPath: folder("build/.config")))
  }
}
