import Foundation
import Glibc
import PawlHost
import PawlModel
import Testing

@Suite("Repairing a real build folder")
struct BuildRepairTests {
  private let folder: TemporaryFolder
  private let host = LiveHost()
  private let me = LiveHost.ownIdentity()
  private static let elf: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]

  init() throws {
    folder = try TemporaryFolder()
    try host.makeBuildFolder(at: build, as: me)
  }

  private var build: String { folder("o") }

  private func write(_ path: String, _ bytes: [UInt8] = elf) throws {
    let whole = "\(build)/\(path)"
    try FileManager.default.createDirectory(
      atPath: (whole as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: whole))
  }

  private func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat("\(build)/\(path)", &status) == 0
  }

  private var now: Int64 { host.now().wallMillis * 1_000_000 }

  @Test("after a kill only what is not older than the cutoff goes, with its command")
  func killed() throws {
    try write("mm/old.o")
    try write("mm/.old.o.cmd")
    // The clock of files is coarser than any other.
    var cutoff = now
    while try host.openBuild(at: build, as: me) <= cutoff { cutoff = min(cutoff, now) }
    cutoff = try host.openBuild(at: build, as: me)
    try write("mm/new.o")
    try write("mm/.new.o.cmd")
    try write("include/generated/.x.h.tmp")
    let repair = try host.treatBuild(at: build, .removeInFlight(cutoff: cutoff), as: me)
    #expect(exists("mm/old.o") && exists("mm/.old.o.cmd"))
    #expect(!exists("mm/new.o") && !exists("mm/.new.o.cmd"))
    #expect(repair.total == 3)
    #expect(repair.kept >= 2)
  }

  @Test("after a cut zeros and empty objects go by the second net; empty stamps stay")
  func cut() throws {
    try write("mm/whole.o")
    try write("mm/zeros.o", [UInt8](repeating: 0, count: 4096))
    try write("mm/empty.o", [])
    try write("mm/.empty.o.cmd", [])
    try write("include/config/PRINTK_TIME", [])
    try write("tools/objtool/libsubcmd.a", Array("!<arch>\n".utf8))
    try write("vmlinux")
    _ = try host.treatBuild(
      at: build, .repairAfterCut(cutoff: now + 3_600_000_000_000), as: me)
    #expect(exists("mm/whole.o") && exists("tools/objtool/libsubcmd.a"))
    #expect(exists("include/config/PRINTK_TIME"))
    for gone in ["mm/zeros.o", "mm/empty.o", "mm/.empty.o.cmd", "vmlinux"] {
      #expect(!exists(gone), "\(gone)")
    }
  }

  @Test("no link is followed: what a link points to is outside, and stays")
  func links() throws {
    try FileManager.default.createDirectory(
      atPath: folder("source/mm"), withIntermediateDirectories: true)
    try Data("int x;".utf8).write(to: URL(filePath: folder("source/mm/edited.c")))
    try #require(symlink(folder("source"), "\(build)/source") == 0)
    _ = try host.treatBuild(at: build, .removeInFlight(cutoff: 0), as: me)
    _ = try host.treatBuild(at: build, .clean(why: "test"), as: me)
    #expect(FileManager.default.fileExists(atPath: folder("source/mm/edited.c")))
    #expect(!exists("source"))
  }

  @Test("a folder that is made anew loses all but its configuration and its mark")
  func clean() throws {
    try write(".config", Array("CONFIG_X=y\n".utf8))
    try write("include/config/auto.conf", Array("CONFIG_X=y\n".utf8))
    try write("mm/whole.o")
    _ = try host.treatBuild(at: build, .clean(why: "test"), as: me)
    #expect(exists(".config") && exists(".pawl-workspace"))
    #expect(!exists("mm") && !exists("include"))
  }

  @Test("a program at work is older than now, and make itself does not count")
  func inFlight() throws {
    let before = now
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sleep")
    shell.arguments = ["60"]
    try shell.run()
    defer { shell.terminate() }
    let group = getpgid(shell.processIdentifier)
    let found = host.earliestStart(inGroup: group)
    #expect(found <= now)
    // Starts have a grain of 10 ms; other programs of this group may be older.
    #expect(group != shell.processIdentifier || found >= before - 20_000_000)
  }

  @Test("another compiler gives another fingerprint, and the same one the same")
  func fingerprint() throws {
    let bin = folder("bin")
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    func parts() throws -> [String: String]? {
      try host.buildTree(at: build, searchPath: bin, sources: [], as: me)?.fingerprint
    }
    try Data("one".utf8).write(to: URL(filePath: bin + "/gcc"))
    chmod(bin + "/gcc", 0o755)
    let first = try parts()
    #expect(try parts() == first)
    #expect(first?["compiler"] != nil)
    try Data("three".utf8).write(to: URL(filePath: bin + "/gcc"))
    #expect(try parts()?["compiler"] != first?["compiler"])
  }
}
