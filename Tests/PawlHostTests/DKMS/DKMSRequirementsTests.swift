import PawlModel
import Testing

@testable import PawlHost

@Suite("What stands against building a module is said before anything is changed")
struct DKMSRequirementsTests {
  private let host: DKMSGround

  init() throws { host = try DKMSGround() }

  private func fault(
    _ module: DKMSModule = DKMSGround.module, _ kernel: DKMSKernel = DKMSGround.kernel
  ) -> PawlError? {
    do {
      try DKMSRequirements(DKMSTarget(root: host.root, module: module, kernel: kernel)).check()
      return nil
    } catch { return error }
  }

  @Test("Nothing does where all is there")
  func nothing() { #expect(fault() == nil) }

  @Test("No DKMS, no such module, no such kernel, no headers: each with what to do")
  func missing() throws {
    #expect(fault(DKMSModule(name: "demo", version: "9"))?.message.contains("no demo/9") == true)
    let other = DKMSKernel.ofThisMachine("6.9.0")
    #expect(fault(DKMSGround.module, other)?.message.contains("is not installed") == true)
    try host.ground.remove("\(DKMSGround.folder)/build/.config")
    #expect(fault()?.hint?.contains("linux-headers-\(LoaderGround.running)") == true)
    try host.ground.remove("/usr/sbin/dkms")
    try host.ground.remove("/usr/bin/dkms")
    #expect(fault()?.message == "DKMS is not installed.")
  }

  @Test("What DKMS would skip in silence is refused, with the reason")
  func excluded() throws {
    let conf = try host.ground.text("/usr/src/demo-1.0/dkms.conf")
    try host.ground.lay(
      "/usr/src/demo-1.0/dkms.conf", conf + "BUILD_EXCLUSIVE_CONFIG=\"CONFIG_FOO\"\n")
    try host.ground.lay("\(DKMSGround.folder)/build/.config", "CONFIG_BAR=y\n")
    #expect(fault()?.message.contains("it needs CONFIG_FOO on") == true)
    try host.ground.lay("\(DKMSGround.folder)/build/.config", "CONFIG_FOO=m\n")
    #expect(fault() == nil)
  }

  @Test("A dkms.conf without a name to look for afterwards is not built by Pawl")
  func dynamic() throws {
    try host.ground.lay(
      "/usr/src/demo-1.0/dkms.conf", "for m in a b; do\n  BUILT_MODULE_NAME+=($m)\ndone\n")
    #expect(fault()?.message.contains("names no module") == true)
  }

  @Test("The newest version counts; another package of a longer name is none of it")
  func newest() throws {
    try host.layModule("1.10")
    try host.layModule("1.9")
    try host.ground.lay("/usr/src/demo-extra-3.0/dkms.conf", "PACKAGE_NAME=\"demo-extra\"\n")
    #expect(DKMSModule.newest("demo", root: host.root)?.version == "1.10")
    #expect(DKMSModule.newest("nothing", root: host.root) == nil)
    let fault = #expect(throws: PawlError.self) {
      try DKMSRequirements.module("nothing", version: nil, root: host.root)
    }
    #expect(fault?.message.hasPrefix("DKMS has no module nothing") == true)
  }

  @Test(
    "Headers come in a package of each family's own name",
    arguments: [
      ("debian", "6.1.0-40-amd64", "linux-headers-6.1.0-40-amd64"),
      ("fedora", "6.17.5-200.fc42.x86_64", "kernel-devel-6.17.5-200.fc42.x86_64"),
      ("opensuse-tumbleweed", "6.11.0-1-default", "kernel-default-devel"),
      ("arch", "6.9.7-arch1-1", "linux-headers"), ("arch", "6.6.36-1-lts", "linux-lts-headers"),
      ("alpine", "6.6.36-0-lts", "linux-lts-dev"), ("arch", "6.9.7", nil), ("gentoo", "6.9", nil),
    ] as [(String, String, String?)])
  func headers(id: String, release: String, package: String?) throws {
    try host.ground.lay("/etc/os-release", "ID=\(id)\n")
    let kernel = DKMSKernel.ofThisMachine(release)
    #expect(KernelHeaders.package(kernel, root: host.root) == package)
  }
}

@Suite("Why a module was not built")
struct DKMSBuildFailureTests {
  @Test(
    "The cause that stands first in the log is told, with what to do",
    arguments: [
      ("a.c:1: error: too few arguments\n", "does not fit this kernel"),
      ("a.c:1:10: fatal error: linux/x.h: No such file or directory\n", "does not fit this kernel"),
      (
        "ERROR: modpost: GPL-incompatible module a.ko uses GPL-only symbol 'b'\n",
        "GPL modules only"
      ),
      ("ERROR: modpost: \"b\" [/x/a.ko] undefined!\n", "does not have"),
      ("/bin/sh: 1: gcc-12: not found\nmake: *** error: x\n", "compiler is not installed"),
      ("gcc: fatal error: Killed signal terminated program cc1\n", "not enough memory"),
      ("write error: No space left on device\n", "disk is full"),
      (
        "ERROR: Kernel configuration is invalid.\n include/generated/autoconf.h or … are missing.\n",
        "headers are not whole"
      ),
      ("make[1]: *** No rule to make target 'b.o'. Stop.\n", "its source is missing"),
    ])
  func explains(log: String, words: String) {
    let cause = DKMSBuildFailure.explain("DKMS make.log for x\n" + log)
    #expect(cause?.sentence.contains(words) == true, "\(String(describing: cause))")
    #expect(cause?.hint.isEmpty == false)
  }

  @Test("A log that says nothing known explains nothing; DKMS's exit status may")
  func unknown() {
    #expect(DKMSBuildFailure.explain("CC a.o\nLD a.ko\n") == nil)
    #expect(DKMSBuildFailure.meaning(of: .exited(77))?.contains("BUILD_EXCLUSIVE") == true)
    #expect(DKMSBuildFailure.meaning(of: .exited(99)) == nil)
    #expect(DKMSBuildFailure.meaning(of: .signalled(9)) == nil)
  }
}
