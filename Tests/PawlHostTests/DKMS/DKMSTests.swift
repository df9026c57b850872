import Testing

@testable import PawlHost

@Suite("What DKMS says, and what its files say")
struct DKMSTests {
  private func line(_ text: String) throws -> DKMSStatus.Line {
    let status = DKMSStatus(text: text + "\n")
    #expect(status.unread.isEmpty, "\(status.unread)")
    return try #require(status.lines.first)
  }

  @Test("dkms status is read in the words of 2.x, 3.0, 3.1 and 3.2")
  func status() throws {
    let old = try line("nvidia, 396.45, 4.17.11-200.fc28.x86_64, x86_64: installed")
    #expect((old.module, old.version) == ("nvidia", "396.45"))
    #expect((old.release, old.architecture) == ("4.17.11-200.fc28.x86_64", "x86_64"))
    let new = try line("i915-sriov-dkms/2025.03.26, 6.11.11-1-pve, x86_64: built")
    #expect((new.module, new.version) == ("i915-sriov-dkms", "2025.03.26"))
    #expect(new.state == .built && new.release == "6.11.11-1-pve" && !new.isDoubtful)
    #expect(try line("dkms_test/1.0: broken").state == .broken)
    let added = try line("zfs, 2.1.15: added")
    #expect(added.version == "2.1.15" && added.release == nil && added.state == .added)
    let weak = try line(
      "kmod-foo, 1.0, 5.14.0-362.el9.x86_64, x86_64: installed-weak from 5.14.0-284.el9.x86_64")
    #expect(weak.state == .installedWeak && weak.from == "5.14.0-284.el9.x86_64")
  }

  @Test(
    "a remark that what is installed is not what was built is a doubt, in old words and new",
    arguments: [
      ("installed (WARNING! Diff between built and installed module!)", true),
      ("installed (Differences between built and installed modules)", true),
      ("built (Built modules are missing in the kernel modules folder)", true),
      ("installed (WARNING! Missing some built modules!)", true),
      ("installed (original_module exists)", false), ("installed (Original modules exist)", false),
      (
        "installed (Original modules exist) (Differences between built and installed modules)", true
      ),
    ])
  func remarks(text: String, isDoubtful: Bool) throws {
    let found = try line("m/1, k, x86_64: \(text)")
    #expect(found.isDoubtful == isDoubtful)
    #expect(found.remarks.count == text.filter { $0 == "(" }.count)
  }

  @Test("errors are no modules")
  func errors() {
    let text = """
      Error! Could not locate dkms.conf file.
      File: /var/lib/dkms/nvidia/390.48/source/dkms.conf does not exist.
      x/1, k, x86_64: installed
      """
    let status = DKMSStatus(text: text)
    #expect(status.lines.count == 1 && status.unread.count == 2)
  }

  @Test(
    "every real line is read", .enabled(if: SharedData.isHere, "\(SharedData.missing)"))
  func realLines() {
    let lines = SharedData.text("dkms/status-real-outputs.txt").split(separator: "\n")
      .filter { !$0.hasPrefix("#") && !$0.hasPrefix("Error!") && !$0.hasPrefix("File:") }
    let status = DKMSStatus(text: lines.joined(separator: "\n"))
    #expect(status.unread.isEmpty)
    #expect(status.lines.count == lines.count && lines.count > 10)
  }

  @Test("dkms.conf is read for what it plainly assigns")
  func conf() {
    let conf = DKMSConf(
      text: """
        PACKAGE_NAME="v4l2loopback"   # a comment
        PACKAGE_VERSION='0.12.7'
        BUILT_MODULE_NAME[0]="${PACKAGE_NAME}"
        DEST_MODULE_LOCATION[0]=/updates/dkms
        MAKE="make KERNEL_DIR=${kernel_source_dir} all"
        if [ -e /etc/debian_version ]; then
        AUTOINSTALL=yes
        """)
    #expect(conf.name == "v4l2loopback" && conf.version == "0.12.7")
    #expect(
      conf.modules == [DKMSConf.Module(name: "v4l2loopback", location: "/updates/dkms")])
    #expect(conf.dynamic == ["MAKE[0]"])
    #expect(conf.dynamicLines == [6])
  }

  @Test("gaps in the arrays are no modules, and one without a name is the package's")
  func arrays() {
    let sparse = DKMSConf(
      text:
        "PACKAGE_NAME=p\nBUILT_MODULE_NAME[1]=a\nBUILT_MODULE_NAME[3]=b\nDEST_MODULE_LOCATION[4]=/x\n"
    )
    #expect(sparse.modules.map(\.name) == ["a", "b"])
    let unnamed = DKMSConf(text: "PACKAGE_NAME=p\nDEST_MODULE_LOCATION[0]=/updates\n")
    #expect(unnamed.modules.map(\.name) == ["p"])
  }

  @Test(
    "a value that only bash knows is not guessed",
    arguments: ["$(uname -r)", "`id`", "a;b", "\"x", "${kernelver}"])
  func dynamic(value: String) {
    let conf = DKMSConf(text: "PACKAGE_NAME=p\nPACKAGE_NAME=\(value)\n")
    #expect(conf.name == nil)
    #expect(conf.dynamic == ["PACKAGE_NAME"])
  }

  @Test("for which kernels DKMS would skip it is said before it is tried")
  func exclusion() {
    let conf = DKMSConf(
      text: """
        BUILD_EXCLUSIVE_ARCH="x86_64|aarch64"
        BUILD_EXCLUSIVE_KERNEL_MIN="5.10"
        BUILD_EXCLUSIVE_CONFIG="CONFIG_PCI !CONFIG_RUST"
        """)
    func reason(_ release: String, _ architecture: String, _ config: String) -> String? {
      conf.exclusion(
        release: release, architecture: architecture, config: KernelConfig(text: config))
    }
    #expect(reason("6.1.0", "x86_64", "CONFIG_PCI=y\n") == nil)
    #expect(reason("5.4.0", "x86_64", "CONFIG_PCI=y\n")?.contains("5.10") == true)
    #expect(reason("6.1.0", "riscv64", "CONFIG_PCI=y\n")?.contains("riscv64") == true)
    #expect(reason("6.1.0", "x86_64", "CONFIG_X=y\n")?.contains("CONFIG_PCI on") == true)
    #expect(
      reason("6.1.0", "x86_64", "CONFIG_PCI=y\nCONFIG_RUST=y\n")?.contains("CONFIG_RUST off")
        == true)
  }

  @Test(
    "every real dkms.conf names its package",
    .enabled(if: SharedData.isHere, "\(SharedData.missing)"))
  func realFiles() {
    for name in SharedData.names("dkms/conf") {
      let conf = DKMSConf(text: SharedData.text("dkms/conf/\(name)"))
      guard !name.contains("empty"), !name.contains("nover") else { continue }
      #expect(conf.name != nil, "\(name)")
      #expect(conf.dynamicLines.isEmpty, "\(name): \(conf.dynamicLines)")
    }
  }
}
