import PawlModel
import Testing

@Suite("What a repair removes from a build folder")
struct RepairSelectionTests {
  private func file(_ path: String, at touched: Int64 = 50, torn: Bool = false) -> BuiltFile {
    BuiltFile(path: path, size: 1, touched: touched, looksTorn: torn)
  }

  private func cut(_ files: BuiltFile...) -> Set<String> {
    Set(RepairSelection(files, cutoff: 100).afterCut(now: 1000).keys)
  }

  private func killed(_ files: BuiltFile...) -> Set<String> {
    Set(RepairSelection(files, cutoff: 100).afterKill().keys)
  }

  @Test("an object at or after the cutoff goes with its command, whichever of the two is newer")
  func objects() {
    let all: Set = ["mm/slub.o", "mm/.slub.o.cmd"]
    #expect(killed(file("mm/slub.o", at: 100), file("mm/.slub.o.cmd")) == all)
    #expect(killed(file("mm/slub.o"), file("mm/.slub.o.cmd", at: 100)) == all)
    #expect(killed(file("mm/slub.o", at: 99), file("mm/.slub.o.cmd", at: 99)).isEmpty)
  }

  @Test("stamps and configuration stay, empty as they are by design")
  func stamps() {
    let stamps = [
      "include/config/PRINTK_TIME", "include/config/auto.conf", ".config", ".config.old",
      "Makefile", "include/config/kernel.release", ".pawl-building", "mm/.slub.o.d",
    ]
    for path in stamps { #expect(cut(file(path, at: 500)).isEmpty, "\(path)") }
    #expect(cut(file("include/generated/bounds.h", at: 500)) == ["include/generated/bounds.h"])
  }

  @Test("what syncconfig writes beside auto.conf may be torn by a cut, and not by a kill")
  func configuration() {
    for path in ["include/generated/autoconf.h", "include/config/auto.conf.cmd"] {
      #expect(cut(file(path, at: 100)) == [path])
      #expect(cut(file(path)).isEmpty)
      #expect(killed(file(path, at: 100)).isEmpty, "make would not make \(path) alone again")
    }
  }

  @Test("after a cut the ends go, but not the archives of the tools that compile")
  func ends() {
    let ends = [
      "vmlinux", "vmlinux.o", ".vmlinux.cmd", ".tmp_vmlinux.kallsyms1", "mm/built-in.a",
      "mm/.built-in.a.cmd", "modules.order", "drivers/modules.order", "Module.symvers",
      "fs/ext4/ext4.ko", "fs/ext4/ext4.mod.c", "fs/ext4/ext4.mod", "arch/x86/boot/bzImage",
      "arch/x86/boot/compressed/vmlinux.bin",
    ]
    for path in ends {
      #expect(cut(file(path), file("x")) == [path], "\(path)")
      #expect(killed(file(path)).isEmpty, "\(path)")
    }
    for path in ["tools/objtool/libsubcmd.a", "scripts/mod/modpost", "mm/slub.o", "fs/ext4/ext4.o"]
    {
      #expect(cut(file(path)).isEmpty, "\(path)")
    }
  }

  @Test("a second net catches zeros, times from the future and commands without their object")
  func secondNet() {
    #expect(cut(file("mm/slub.o", torn: true)) == ["mm/slub.o"])
    #expect(cut(file("mm/slub.o", at: 1001)) == ["mm/slub.o"])
    #expect(cut(file("mm/.slub.o.cmd")) == ["mm/.slub.o.cmd"])
    #expect(cut(file("mm/.slub.o.cmd"), file("mm/slub.o")).isEmpty)
    #expect(cut(file("scripts/.basic.cmd")).isEmpty)
  }
}
