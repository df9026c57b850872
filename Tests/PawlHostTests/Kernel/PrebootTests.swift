import Foundation
import PawlModel
import Testing

@testable import PawlHost

@Suite("A kernel that cannot start is found out before the host is touched")
struct PrebootTests {
  private let release = "6.1.140-pawl1"
  private var banner: String {
    "[    0.000000] Linux version \(release) (pawl@pawl) (gcc 12.2.0) #1 SMP\n"
  }

  private func verdict(_ console: String, hasEnded: Bool = true) -> PrebootVerdict? {
    PrebootVerdict(console: console, release: release, hasEnded: hasEnded)
  }

  @Test("its banner and its first program are the proof")
  func starts() {
    #expect(verdict(banner + "\n\(TinyInitramfs.mark)\r\n", hasEnded: false) == .startsPrograms)
    #expect(verdict(banner, hasEnded: false) == nil, "it may still come")
    #expect(verdict("\(TinyInitramfs.mark)\n") == .silent, "words without a kernel prove nothing")
  }

  @Test("another release, a panic, an initramfs that cannot be unpacked, silence, a hang")
  func fails() {
    #expect(
      verdict("[    0.0] Linux version 6.1.140 (a)\n", hasEnded: false) == .otherRelease("6.1.140"))
    #expect(verdict("Linux version 6.1.1", hasEnded: false) == nil, "half a line")
    let panic = "Kernel panic - not syncing: Fatal exception"
    #expect(verdict(banner + "[    0.5] \(panic)\n", hasEnded: false) == .failed(panic))
    let torn = "Initramfs unpacking failed: junk within compressed archive"
    #expect(verdict(banner + "[    0.7] \(torn)\n\(TinyInitramfs.mark)\n") == .failed(torn))
    let noProgram = "Failed to execute /init (error -8)"
    #expect(verdict(banner + "[    1.7] \(noProgram)\n") == .failed(noProgram))
    #expect(verdict("SeaBIOS\nBooting from ROM..\n") == .silent)
    #expect(verdict(banner + "[    1.0] smp: Bringing up\n") == .stuck("smp: Bringing up"))
  }

  @Test("without support for an initramfs it gets as far as its root; that is enough without one")
  func looksForRoot() throws {
    let found = verdict(
      banner + "[ 1.0] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block\n")
    #expect(found == .looksForRoot)
    let preboot = Preboot(image: "/i", release: release)
    #expect(try preboot.judge(.looksForRoot, hasSerialConsole: nil).contains("root file system"))
    #expect(throws: PawlError.self) {
      _ = try Preboot(image: "/i", initrd: "/none", release: release)
        .judge(.looksForRoot, hasSerialConsole: nil)
    }
  }

  @Test("a kernel that has no console to listen to is not blamed for its silence")
  func noConsole() throws {
    let preboot = Preboot(image: "/i", release: release)
    #expect(
      try preboot.judge(.silent, hasSerialConsole: false).contains("SERIAL_8250_CONSOLE"))
    for verdict in [PrebootVerdict.silent, .failed("x"), .stuck("x"), .otherRelease("y")] {
      #expect(throws: PawlError.self) {
        _ = try preboot.judge(verdict, hasSerialConsole: nil)
      }
    }
  }

  @Test("the archive is one that the kernel unpacks: headers of 110 bytes, everything at fours")
  func archive() throws {
    let bytes = TinyInitramfs.archive()
    var (offset, names) = (0, [String]())
    while offset < bytes.count {
      let header = String(decoding: bytes[offset..<offset + 110], as: UTF8.self)
      try #require(header.hasPrefix("070701") && offset % 4 == 0)
      func field(_ number: Int) throws -> Int {
        let start = header.index(header.startIndex, offsetBy: 6 + 8 * number)
        let end = header.index(start, offsetBy: 8)
        return try #require(Int(header[start..<end], radix: 16))
      }
      let length = try field(11)
      let start = offset + 110
      names.append(String(decoding: bytes[start..<start + length - 1], as: UTF8.self))
      offset = (start + length + 3) / 4 * 4
      offset = (offset + (try field(6)) + 3) / 4 * 4
    }
    #expect(names == ["dev", "dev/console", "init", "TRAILER!!!"])
  }
}
