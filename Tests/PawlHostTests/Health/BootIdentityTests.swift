import Foundation
import PawlModel
import Testing

@testable import PawlHost

@Suite("A boot and its kernel are identified")
struct BootIdentityTests {
  private let id: [UInt8] = [0xe4, 0xf1, 0x00, 0x9d]

  private func host() throws -> FakeHost {
    try FakeHost().running("6.6.1-pawl1")
      .write("/proc/sys/kernel/random/boot_id", "4f5c-boot\n")
      .write("/proc/sys/kernel/version", "#7 SMP Mon\n")
      .write("/proc/cmdline", "ro quiet pawl.trial=7.1\n")
      .write("/sys/kernel/notes", bytes: ELFBytes.notes(isLittleEndian: true, buildID: id))
  }

  @Test("all of it is read, the build id in lowercase hex")
  func whole() throws {
    #expect(
      try BootIdentityReader.read(root: try host().root)
        == BootIdentity(
          bootID: "4f5c-boot", release: "6.6.1-pawl1", version: "#7 SMP Mon",
          buildID: "e4f1009d", commandLine: "ro quiet pawl.trial=7.1"))
  }

  @Test("a kernel without notes has no build id; a host without /proc is an error in words")
  func missing() throws {
    let bare = try host().write("/sys/kernel/notes")
    #expect(try BootIdentityReader.read(root: bare.root).buildID == nil)
    let error = #expect(throws: PawlError.self) {
      try BootIdentityReader.read(root: try FakeHost().root)
    }
    #expect(error?.code == .noInput)
  }

  @Test("this machine's own kernel is identified")
  func live() throws {
    let identity = try BootIdentityReader.read(root: .live)
    #expect(identity.release == LiveHost().runningRelease())
    #expect(identity.buildID.map { $0.utf8.count >= 16 } ?? true)
  }

  @Test("a crash kernel is known by the memory of the one that crashed")
  func crashKernel() throws {
    #expect(!BootIdentityReader.isCrashKernel(root: try host().root))
    #expect(BootIdentityReader.isCrashKernel(root: try host().write("/proc/vmcore").root))
  }

  @Test(
    "the build id of a kernel file is found in every word size, byte order and table",
    arguments: [true, false], [true, false])
  func elf(is64: Bool, isLittleEndian: Bool) throws {
    for bySection in [true, false] {
      let file = ELFBytes.file(
        is64: is64, isLittleEndian: isLittleEndian, bySection: bySection, buildID: id)
      let host = try FakeHost().write("/vmlinux", bytes: file)
      #expect(ELFBuildID.read("/vmlinux", root: host.root) == .present("e4f1009d"))
    }
  }

  @Test(
    "the build id of a real file is the one that readelf tells",
    .enabled(if: HostRoot.live.exists("/usr/bin/readelf")))
  func real() throws {
    let file = ProcessInfo.processInfo.environment["PAWL_VMLINUX"] ?? "/bin/sh"
    let folder = try TemporaryFolder()
    let tool = ToolOutput(
      processes: LiveHost(), identity: own, environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"],
      spool: folder("spool"))
    let text = try #require(tool.text(["readelf", "-n", file]).value)
    let told = text.split(separator: "\n").first { $0.contains("Build ID: ") }
    let buildID = told?.split(separator: " ").last.map(String.init)
    #expect(ELFBuildID.read(file, root: .live).value == buildID)
  }

  @Test("a kernel file that is cut off anywhere has no build id and does no harm")
  func truncated() throws {
    for is64 in [true, false] {
      let file = ELFBytes.file(is64: is64, isLittleEndian: true, bySection: true, buildID: id)
      let host = try FakeHost()
      for length in 0..<file.count {
        try host.write("/vmlinux", bytes: Array(file[..<length]))
        #expect(ELFBuildID.read("/vmlinux", root: host.root).value == nil)
      }
    }
  }

  @Test("garbage behind the magic number does no harm")
  func garbage() throws {
    let host = try FakeHost()
    for round in 0..<200 {
      let is64 = round % 2 == 0
      var file = ELFBytes.file(
        is64: is64, isLittleEndian: round % 3 == 0, bySection: round % 5 == 0, buildID: id)
      for _ in 0..<(1 + round % 8) {
        file[Int.random(in: 6..<file.count)] = [0, 0x7f, 0x80, 0xff].randomElement() ?? 0
      }
      try host.write("/vmlinux", bytes: file)
      _ = ELFBuildID.read("/vmlinux", root: host.root)
      _ = ELFNotes.buildID(in: file, isLittleEndian: is64)
    }
  }

  @Test("no file, a folder, and what is no ELF file are told apart")
  func refused() throws {
    let host = try FakeHost().folder("/folder").write("/text", "hello")
    #expect(ELFBuildID.read("/none", root: host.root) == .absent)
    #expect(ELFBuildID.read("/folder", root: host.root).reason == "it is not a regular file")
    #expect(ELFBuildID.read("/text", root: host.root).reason == "it is not an ELF file")
  }
}
