import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("Packages of a kernel are gathered, and looked into")
struct KernelPackagesTests {
  private let ground: LoaderGround
  private let folder: TemporaryFolder
  private let release = "6.1.0-pawl1"

  init() throws {
    ground = try LoaderGround()
    folder = try TemporaryFolder()
    // What a package holds is its own text here.
    let cat = "shift $(($# - 1)); cat \"$1\"\n"
    try ground.addProgram("dpkg-deb", "[ \"$1\" = --contents ] && [ $# -eq 2 ]; " + cat)
    try ground.addProgram("rpm", "[ \"$1 $2 $3\" = '--query --list --package' ]; " + cat)
    try ground.addProgram("pacman", "[ \"$1 $2 $3 $4\" = '--query --list --quiet --file' ]; " + cat)
  }

  private func lay(_ path: String, _ text: String) throws {
    let url = URL(fileURLWithPath: folder(path))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  private func gather(_ format: KernelPackages.Format) throws -> [String] {
    try KernelPackages(work: folder(""), release: release, format: format)
      .gather(asking: ground.output(processes: LiveHost()))
    return try FileManager.default.contentsOfDirectory(atPath: folder("packages")).sorted()
  }

  private let debian = """
    -rw-r--r-- root/root 1 2026-01-01 ./boot/vmlinuz-6.1.0-pawl1
    -rw-r--r-- root/root 1 2026-01-01 ./lib/modules/6.1.0-pawl1/modules.dep

    """

  @Test("those of this release, and none of an earlier build that lie beside them")
  func ofThisRelease() throws {
    try lay("linux-image-6.1.0-pawl1_6.1.0-pawl1-1_amd64.deb", debian)
    try lay("linux-headers-6.1.0-pawl1_6.1.0-pawl1-1_amd64.deb", "./usr/src/x\n")
    try lay("linux-image-6.1.0-other_6.1.0-other-1_amd64.deb", debian)
    try lay("linux-image-6.1.0-pawl1.changes", "")
    for _ in 0..<2 {
      #expect(
        try gather(.deb) == [
          "linux-headers-6.1.0-pawl1_6.1.0-pawl1-1_amd64.deb",
          "linux-image-6.1.0-pawl1_6.1.0-pawl1-1_amd64.deb",
        ])
    }
  }

  @Test("rpmbuild and makepkg spell a release otherwise, and have places of their own")
  func spellings() throws {
    let modern = "/lib/modules/6.1.0-pawl1/vmlinuz\n/lib/modules/6.1.0-pawl1/modules.dep\n"
    try lay("build/rpmbuild/RPMS/x86_64/kernel-6.1.0_pawl1-1.x86_64.rpm", modern)
    #expect(try gather(.rpm) == ["kernel-6.1.0_pawl1-1.x86_64.rpm"])
    try lay("build/linux-upstream-6.1.0_pawl1-1-x86_64.pkg.tar.zst", "/usr/lib/modules/x\n")
    let fault = #expect(throws: PawlError.self) { try gather(.pacman) }
    #expect(fault?.message.contains("no package below") == true)
    let pacman = modern.split(separator: "\n").map { "/usr\($0)\n" }.joined()
    try lay("build/linux-upstream-6.1.0_pawl1-1-x86_64.pkg.tar.zst", pacman)
    #expect(try gather(.pacman).count == 1)
  }

  @Test("a make that ended well and left no kernel is not believed")
  func disbelieves() throws {
    #expect(throws: PawlError.self) { try gather(.deb) }
    try lay("linux-image-6.1.0-pawl1_6.1.0-pawl1-1_amd64.deb", "./usr/share/doc/x\n")
    let fault = #expect(throws: PawlError.self) { try gather(.deb) }
    #expect(fault?.hint?.contains("linux-image-6.1.0-pawl1_6.1.0-pawl1-1_amd64.deb") == true)
  }
}
