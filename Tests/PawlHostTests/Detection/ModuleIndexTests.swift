import Testing

@testable import PawlHost

@Suite("The modules of a kernel")
struct ModuleIndexTests {
  private let release = "6.1.0-50-amd64"

  private func host() throws -> FakeHost {
    try FakeHost().running(release)
      .write(
        "/proc/modules",
        """
        vfio_pci_core 90112 1 vfio_pci, Live 0x0000000000000000
        overlay 163840 0 - Live 0x0000000000000000
        nvidia 1000 2 [permanent],nvidia_uvm, Loading 0x0 (POE)
        plain 4096 - - Live 0x0
        """
      )
      .write(
        "/usr/lib/modules/\(release)/modules.dep",
        """
        kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/pci/vfio-pci-core.ko.xz \
        kernel/drivers/vfio/vfio.ko.xz
        kernel/drivers/vfio/pci/vfio-pci-core.ko.xz: kernel/drivers/vfio/vfio.ko.xz
        kernel/drivers/vfio/vfio.ko.xz:
        kernel/net/netfilter/xt_REDIRECT.ko.zst:
        kernel/fs/overlayfs/overlay.ko:
        """
      )
      .write("/usr/lib/modules/\(release)/modules.builtin", "kernel/fs/ext4/ext4.ko\n")
  }

  @Test("a module name matches whole, never by substring")
  func whole() throws {
    let index = ModuleIndex(root: try host().root, release: release)
    #expect(index.isLoaded("vfio_pci_core") == true)
    #expect(index.isLoaded("vfio_pci") == false)
    #expect(index.isLoaded("pci_core") == false)
    #expect(index.state("vfi") == .missing)
    #expect(index.state("ext") == .missing)
  }

  @Test("dashes and underscores are the same, capitals are not small letters")
  func names() throws {
    let index = ModuleIndex(root: try host().root, release: release)
    #expect(index.state("vfio-pci-core") == .loaded)
    #expect(index.state("xt_REDIRECT") != .missing)
    #expect(index.state("xt_redirect") == .missing)
    #expect(ModuleName.normalize("snd-hda.intel-x.ko.xz") == "snd_hda")
    #expect(ModuleName.ofPath("kernel/a/b-c.ko.gz") == "b_c")
  }

  @Test("an available module has its suffix and what must be loaded before it, in order")
  func available() throws {
    let index = ModuleIndex(root: try host().root, release: release)
    let file = ModuleFile(
      path: "kernel/drivers/vfio/pci/vfio-pci.ko.xz", suffix: ".ko.xz",
      dependencies: ["vfio", "vfio_pci_core"])
    #expect(index.state("vfio-pci") == .available(file))
    #expect(index.file("overlay").value?.suffix == ".ko")
    #expect(index.folder == "/usr/lib/modules/\(release)")
  }

  @Test("a module inside the kernel is built in, not missing")
  func builtin() throws {
    let index = ModuleIndex(root: try host().root, release: release)
    #expect(index.state("ext4") == .builtin)
  }

  @Test("without modules.builtin, /sys/module tells the built-in ones apart")
  func oldWSL() throws {
    let host = try FakeHost().running("4.19").write("/proc/modules")
      .folder("/lib/modules/4.19").folder("/sys/module/tcp_cubic/parameters")
      .write("/sys/module/other/initstate", "live\n")
    let index = ModuleIndex(root: host.root, release: "4.19")
    #expect(index.isBuiltin("tcp_cubic") == true)
    #expect(index.isBuiltin("other") == nil)
    #expect(
      index.state("other") == .unknown("/lib/modules/4.19/modules.builtin is not there"))
  }

  @Test("every field of /proc/modules is read")
  func procModules() throws {
    let list = LoadedModule.list(root: try host().root).value ?? []
    try #require(list.map(\.name) == ["vfio_pci_core", "overlay", "nvidia", "plain"])
    #expect(list[0].usedBy == ["vfio_pci"])
    #expect(list[1].references == 0)
    #expect(list[2].isPermanent)
    #expect(list[2].usedBy == ["nvidia_uvm"])
    #expect(list[2].life == .loading)
    #expect(list[3].references == nil)
    #expect(LoadedModule(line: "half a") == nil)
  }

  @Test("a kernel without modules has none; a root without /proc is not known")
  func loadedUnknown() throws {
    let without = try FakeHost().running("6.18.44")
    #expect(LoadedModule.list(root: without.root) == .present([]))
    let bare = try FakeHost().folder("/lib/modules/6.1")
    let index = ModuleIndex(root: bare.root, release: "6.1")
    #expect(index.isLoaded("overlay") == nil)
    #expect(index.loaded.reason == "there is no /proc of this system")
  }

  @Test("without a module folder nothing is missing: it is not known")
  func noFolder() throws {
    let host = try FakeHost().running("6.1").write("/proc/modules")
    let index = ModuleIndex(root: host.root, release: "6.1")
    #expect(index.state("overlay") == .unknown("there is no /lib/modules/6.1"))
  }

  @Test("a missing modules.dep is walked around, and depmod is asked for")
  func walk() throws {
    let host = try FakeHost().write("/lib/modules/6.1/kernel/fs/fuse/fuse.ko.gz")
      .write("/lib/modules/6.1/modules.builtin", "kernel/fs/ext4/ext4.ko\n")
      .link("/lib/modules/6.1/build", to: "/lib/modules/6.1")
    let index = ModuleIndex(root: host.root, release: "6.1")
    #expect(
      index.state("fuse")
        == .available(
          ModuleFile(path: "kernel/fs/fuse/fuse.ko.gz", suffix: ".ko.gz", dependencies: nil)))
    #expect(index.state("nosuch") == .missing)
    #expect(index.notes.first?.contains("run depmod 6.1") == true)
  }

  @Test("modprobe.d: a stronger folder hides the same file name, and /dev/null hides silently")
  func blocks() throws {
    let host = try FakeHost()
      .write("/etc/modprobe.d/a.conf", "# blacklist no\nblacklist nouveau\n")
      .write("/lib/modprobe.d/a.conf", "blacklist hidden\n")
      .write("/usr/lib/modprobe.d/b.conf", "install usb-storage \\\n  /bin/false\n")
      .write("/run/modprobe.d/c.conf", "install odd /sbin/modprobe -i odd\noptions odd x=1\n")
      .write("/lib/modprobe.d/d.conf", "blacklist masked\n")
      .link("/etc/modprobe.d/d.conf", to: "/dev/null")
      .write("/etc/modprobe.d/ignored.txt", "blacklist ignored\n")
      .write(
        "/proc/cmdline", "quiet module_blacklist=i915,snd-hda modprobe.blacklist=r8169 -- x=1\n")
    let survey = ModuleBlock.survey(root: host.root)
    #expect(
      survey.blocks.map(\.module) == [
        "nouveau", "usb_storage", "odd", "i915", "snd_hda", "r8169",
      ])
    #expect(survey.blocks.map(\.stopsModprobe) == [false, true, false, true, true, false])
    #expect(survey.blocks[0].line == 2)
    #expect(survey.unread.isEmpty)
  }

  @Test("the kernel command line splits at white space outside quotes")
  func commandLine() {
    let line = KernelCommandLine(text: "ro a=\"b c\" \"d=e f\" quiet -- init=x\n")
    #expect(line.arguments.map(\.name) == ["ro", "a", "d", "quiet"])
    #expect(line.values("a") == ["b c"])
    #expect(line.values("d") == ["e f"])
    #expect(line.values("init").isEmpty)
  }

  @Test(
    "the lists of a real Debian kernel give every module its state",
    .enabled(if: SharedData.isHere, "\(SharedData.missing)"))
  func debian() throws {
    let folder = "debian/6.1.0-50-cloud-amd64"
    let host = try FakeHost()
      .write(
        "/lib/modules/\(release)/modules.dep", bytes: SharedData.bytes("\(folder)/modules.dep.gz")
      )
      .write(
        "/lib/modules/\(release)/modules.builtin",
        bytes: SharedData.bytes("\(folder)/modules.builtin.gz"))
    let index = ModuleIndex(root: host.root, release: release)
    var counts = ["m": 0, "y": 0]
    for line in SharedData.text("\(folder)/module-config-map.tsv.gz").split(separator: "\n") {
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count >= 3, !line.hasPrefix("#") else { continue }
      counts[fields[2], default: 0] += 1
      switch index.state(fields[1]) {
      case .available(let file): #expect(fields[2] == "m" && file.suffix == ".ko", "\(line)")
      case .builtin: #expect(fields[2] == "y", "\(line)")
      case .loaded, .missing, .unknown: Issue.record("\(line): \(index.state(fields[1]))")
      }
    }
    #expect(counts == ["m": 1121, "y": 141])
  }

  @Test(
    "kmod's own test files read as kmod reads them",
    .enabled(if: SharedData.isHere, "\(SharedData.missing)"))
  func kmod() throws {
    let dep = "kmod/test-dependencies/lib/modules/4.0.20-kmod/modules.dep"
    let files = ModuleFiles(dependencies: SharedData.bytes(dep))
    #expect(files["mod_foo"]?.dependencies == ["mod_foo_c", "mod_foo_a", "mod_foo_b"])
    let btusb = SharedData.text("kmod/test-loaded/proc/modules").split(separator: "\n").first
    #expect(LoadedModule(line: String(btusb ?? ""))?.name == "btusb")
  }
}

@Suite("The source of the running kernel, where it is at hand")
struct KernelSourceTreeTests {
  private func host(
    _ place: String, version: String = "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n"
  )
    throws -> FakeHost
  {
    try FakeHost().running("6.1.0-50-amd64").write("\(place)/Kconfig").write(
      "\(place)/Makefile", version
    )
    .write("\(place)/fs/Makefile", "obj-$(CONFIG_ODD_NAME) += odd/\n")
    .write("\(place)/fs/odd/Makefile", "obj-$(CONFIG_ODD_NAME) += odd.o\n")
    .write("/lib/modules/6.1.0-50-amd64/modules.dep", "kernel/fs/odd/odd.ko:\n")
  }

  @Test("its Kbuild files say which symbol builds a module, before any table or guess")
  func kbuild() throws {
    for place in [
      "/lib/modules/6.1.0-50-amd64/source", "/usr/src/linux-6.1.0-50-amd64", "/usr/src/linux",
    ] {
      let host = HostDetection(root: try host(place).root)
      #expect(host.symbol(ofModule: "odd")?.symbol == "ODD_NAME", "\(place)")
    }
  }

  @Test("a link of another kernel's source, and a folder of headers, are none")
  func none() throws {
    let other = try host("/usr/src/linux", version: "VERSION = 5\nPATCHLEVEL = 4\nSUBLEVEL = 0\n")
    #expect(HostDetection(root: other.root).sourceTree == nil)
    let headers = try FakeHost().running("6.1.0").write("/lib/modules/6.1.0/build/Makefile", "")
    #expect(HostDetection(root: headers.root).sourceTree == nil)
  }
}
