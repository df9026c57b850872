import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("What building a module needs is staged, and nothing else")
struct HeadersStageTests {
  private let folder: TemporaryFolder
  private let stage: HeadersStage

  init() throws {
    folder = try TemporaryFolder()
    stage = HeadersStage(
      source: folder("source"), build: folder("build"), image: "arch/x86/boot/bzImage",
      stage: folder("stage"), release: "6.1.0-own")
    for path in [
      "Makefile", "arch/x86/Makefile", "arch/x86/include/asm/io.h", "arch/arm/Makefile",
      "include/linux/fs.h", "scripts/Makefile.build", "fs/ext4/super.c", "arch/x86/kernel/cpu.c",
      "certs/default_x509.genkey",
    ] { try lay("source", path, "source") }
    for path in [
      ".config", "Module.symvers", "include/generated/autoconf.h", "include/config/auto.conf",
      "arch/x86/include/generated/asm/bug.h", "scripts/mod/modpost", "scripts/mod/modpost.o",
      "scripts/mod/.modpost.cmd", "tools/objtool/objtool", "vmlinux", "certs/signing_key.pem",
      "include/linux/fs.h",
    ] { try lay("build", path, "build") }
    try lay("build", "include/config/EXT4_FS", "")
  }

  private func lay(_ base: String, _ path: String, _ text: String) throws {
    let url = URL(fileURLWithPath: folder("\(base)/\(path)"))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private var staged: [String] {
    let place = folder("stage/usr/src/linux-headers-6.1.0-own")
    let all = (try? FileManager.default.subpathsOfDirectory(atPath: place)) ?? []
    return all.filter { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(place)/\(path)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  @Test("headers, scripts and what was generated; no key, no objects, no kernel")
  func contents() throws {
    try stage.fill()
    // Repeating it leaves the same.
    try stage.fill()
    #expect(
      staged == [
        ".config", "Makefile", "Module.symvers", "arch/x86/Makefile", "arch/x86/include/asm/io.h",
        "arch/x86/include/generated/asm/bug.h", "include/config/auto.conf",
        "include/generated/autoconf.h", "include/linux/fs.h", "scripts/Makefile.build",
        "scripts/mod/modpost", "tools/objtool/objtool",
      ])
    let header = folder("stage/usr/src/linux-headers-6.1.0-own/include/linux/fs.h")
    #expect(try String(contentsOfFile: header, encoding: .utf8) == "build")
  }

  @Test("a link that leads out of the tree is left behind")
  func links() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder("source/include/inside.h"), withDestinationPath: "linux/fs.h")
    try FileManager.default.createSymbolicLink(
      atPath: folder("source/include/outside.h"), withDestinationPath: "/etc/passwd")
    try FileManager.default.createSymbolicLink(
      atPath: folder("source/scripts/nowhere"), withDestinationPath: "../missing")
    try stage.fill()
    #expect(staged.contains("include/inside.h"))
    #expect(!staged.contains("include/outside.h"))
    #expect(!staged.contains("scripts/nowhere"))
  }

  @Test("a build that is not complete is refused, by the name of what it lacks")
  func incomplete() throws {
    try FileManager.default.removeItem(atPath: folder("build/Module.symvers"))
    let fault = #expect(throws: PawlError.self) { try stage.fill() }
    #expect(fault?.message.contains("has no Module.symvers") == true)
  }
}
