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
    try ground.addProgram("bsdtar", "[ \"$1 $2\" = '--list --file' ]; " + cat)
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
    try lay("linux-libc-dev_6.1.0-pawl1-1_amd64.deb", "./usr/include/x\n")
    for _ in 0..<2 {
      #expect(
        try gather(.deb) == [
          "linux-headers-6.1.0-pawl1_6.1.0-pawl1-1_amd64.deb",
          "linux-image-6.1.0-pawl1_6.1.0-pawl1-1_amd64.deb",
        ])
    }
  }

  @Test("from 6.12 on the version of a package has no local part")
  func plainVersion() throws {
    try lay("linux-image-6.1.0-pawl1_6.1.0-5_amd64.deb", debian)
    try lay("linux-image-6.1.0-pawl1-dbg_6.1.0-5_amd64.deb", "./usr/lib/debug/x\n")
    #expect(try gather(.deb).count == 2)
  }

  @Test("rpmbuild and makepkg spell a release otherwise, and have places of their own")
  func spellings() throws {
    let modern = "/lib/modules/6.1.0-pawl1/vmlinuz\n/lib/modules/6.1.0-pawl1/modules.dep\n"
    try lay("build/rpmbuild/RPMS/x86_64/kernel-6.1.0_pawl1-1.x86_64.rpm", modern)
    #expect(try gather(.rpm) == ["kernel-6.1.0_pawl1-1.x86_64.rpm"])
    try lay("build/linux-upstream-6.1.0_pawl1-1-x86_64.pkg.tar.zst", "usr/lib/modules/x\n")
    let fault = #expect(throws: PawlError.self) { try gather(.pacman) }
    #expect(fault?.message.contains("no package below") == true)
    let pacman = modern.split(separator: "\n").map { "usr\($0)\n" }.joined()
    try lay("build/linux-upstream-6.1.0_pawl1-1-x86_64.pkg.tar.zst", pacman)
    #expect(try gather(.pacman).count == 1)
  }

  @Test("a release candidate, as makepkg spells it")
  func candidate() throws {
    let release = "6.12.0-rc1-pawl1"
    let files = "usr/lib/modules/\(release)/vmlinuz\nusr/lib/modules/\(release)/modules.order\n"
    try lay("build/linux-upstream-6.12.0rc1_pawl1-2-x86_64.pkg.tar.zst", files)
    try KernelPackages(work: folder(""), release: release, format: .pacman)
      .gather(asking: ground.output(processes: LiveHost()))
    #expect(
      FileManager.default.fileExists(
        atPath: folder("packages/linux-upstream-6.12.0rc1_pawl1-2-x86_64.pkg.tar.zst")))
  }

  @Test("a release that begins with the same words is another one")
  func longerNames() throws {
    for other in ["6.1.0-pawl12", "6.1.0-pawl1-b", "6.1.0-pawl1-2"] {
      try lay("linux-image-\(other)_\(other)-1_amd64.deb", debian)
    }
    #expect(throws: PawlError.self) { try gather(.deb) }
  }

  @Test("of every kind the last one: an attempt that was cut off left the others")
  func newestOfEachKind() throws {
    let places = ["kernel-6.1.0_pawl1-1", "kernel-6.1.0_pawl1-2", "kernel-devel-6.1.0_pawl1-1"]
    for (age, name) in zip([600.0, 60, 0], places) {
      let path = "build/rpmbuild/RPMS/x86_64/\(name).x86_64.rpm"
      let whole = "/lib/modules/6.1.0-pawl1/vmlinuz\n/lib/modules/6.1.0-pawl1/modules.dep\n"
      try lay(path, name.hasSuffix("pawl1-2") ? whole : "half\n")
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: folder(path))
    }
    #expect(
      try gather(.rpm) == [
        "kernel-6.1.0_pawl1-2.x86_64.rpm", "kernel-devel-6.1.0_pawl1-1.x86_64.rpm",
      ])
  }

  @Test("a source that is too old for a format is refused before anything is made")
  func tooOld() throws {
    let fault = #expect(throws: PawlError.self) {
      try KernelPackages.Format.pacman.require(of: "6.1.192")
    }
    #expect(fault?.code == .refused)
    #expect(fault?.message.contains("6.11") == true)
    try KernelPackages.Format.pacman.require(of: "6.11.0-rc1")
    try KernelPackages.Format.rpm.require(of: "6.1.192")
  }

  @Test("a make that ended well and left no kernel is not believed")
  func disbelieves() throws {
    #expect(throws: PawlError.self) { try gather(.deb) }
    try lay("linux-image-6.1.0-pawl1_6.1.0-pawl1-1_amd64.deb", "./usr/share/doc/x\n")
    let fault = #expect(throws: PawlError.self) { try gather(.deb) }
    #expect(fault?.hint?.contains("linux-image-6.1.0-pawl1_6.1.0-pawl1-1_amd64.deb") == true)
  }
}
