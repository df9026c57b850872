import Foundation
import PawlModel
import Testing

@testable import PawlHost

@Suite("A kernel image tells its release and its version without being started")
struct KernelImageTests {
  private let ground: LoaderGround
  private let path = "/boot/vmlinuz"
  private let version = "#1 SMP Debian 6.1.140-1 (2026-01-01)"

  init() throws { ground = try LoaderGround() }

  private var identity: KernelIdentity? { KernelImage.identity(path, root: ground.root).value }

  private var expected: KernelIdentity {
    KernelIdentity(release: "6.1.0-37-arm64", version: version, buildID: nil)
  }

  /// The header of an Image, a pattern that is no banner, and the banner.
  private var image: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 0x40)
    bytes.replaceSubrange(0x38..<0x3c, with: "ARMd".utf8)
    let banner = "Linux version 6.1.0-37-arm64 (debian@host) (gcc 12.2.0) \(version)\n\0"
    return bytes + Array("LLinux version %s (%s)\0LLL\(banner)".utf8)
  }

  private func packed(_ bytes: [UInt8]) throws -> [UInt8] {
    try ground.lay("/tmp/image", bytes)
    let place = ground.root.path("/tmp/image")
    guard Shell.run("gzip", "--force", place) == 0 else { return [] }
    return Array(try Data(contentsOf: URL(fileURLWithPath: place + ".gz")))
  }

  @Test("for arm64: as it is, and packed")
  func arm() throws {
    try ground.lay(path, image)
    #expect(identity == expected)
    try ground.lay(path, try packed(image))
    #expect(identity == expected)
  }

  @Test("for arm64, as a program of the firmware's that unpacks it")
  func zboot() throws {
    let payload = try packed(image)
    var bytes = [UInt8](repeating: 0, count: 0x40)
    bytes.replaceSubrange(0..<2, with: "MZ".utf8)
    bytes.replaceSubrange(4..<8, with: "zimg".utf8)
    bytes[8] = 0x40
    for (place, shift) in [(12, 0), (13, 8)] { bytes[place] = UInt8(payload.count >> shift & 0xff) }
    bytes.replaceSubrange(24..<28, with: "gzip".utf8)
    try ground.lay(path, bytes + payload)
    #expect(identity == expected)
    // What it says of its length is not believed.
    bytes[14] = 0xff
    try ground.lay(path, bytes + payload)
    #expect(identity == nil)
  }

  @Test("for a PC; and what is no kernel, torn or empty, is said to be none")
  func others() throws {
    try ground.lay(path, RunningKernel.image("6.1.0-40-amd64", "#1 SMP"))
    #expect(identity?.release == "6.1.0-40-amd64")
    for bytes in [
      [], Array("MZ".utf8), [0x1f, 0x8b, 8], Array(image.prefix(0x50)), Array("no kernel".utf8),
    ] {
      try ground.lay(path, bytes)
      #expect(identity == nil)
      #expect(KernelImage.identity(path, root: ground.root).reason != nil)
    }
  }
}
