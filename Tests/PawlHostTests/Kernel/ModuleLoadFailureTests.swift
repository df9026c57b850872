import Testing

@testable import PawlHost

@Suite("Why a module does not load")
struct ModuleLoadFailureTests {
  private func explain(_ words: String, _ host: FakeHost) -> String? {
    ModuleLoadFailure.explain(words, host: HostDetection(root: host.root))
  }

  private func host() throws -> FakeHost {
    try FakeHost().running("6.1.0-50-amd64").write("/proc/modules", "")
      .write("/boot/config-6.1.0-50-amd64", "# CONFIG_BTRFS_FS is not set\nCONFIG_WIREGUARD=m\n")
      .write("/lib/modules/6.1.0-50-amd64/modules.dep", "kernel/pcspkr.ko:\n")
      .write("/lib/modules/6.1.0-50-amd64/modules.builtin", "")
  }

  @Test("not compiled, and compiled but not installed, are told apart")
  func notThere() throws {
    let words = "modprobe: FATAL: Module btrfs not found in directory /lib/modules/6.1.0-50-amd64"
    #expect(try explain(words, host())?.contains("built without btrfs") == true)
    let extra = words.replacing("btrfs", with: "wireguard")
    #expect(try explain(extra, host())?.contains("its file is not installed") == true)
  }

  @Test("where DKMS has a key that is not let in, the command that asks for it is named")
  func keyOfDKMS() throws {
    let words = "modprobe: ERROR: could not insert 'x': Key was rejected by service"
    #expect(try explain(words, host())?.contains("mokutil --import") == false)
    let other = try host().write("/var/lib/dkms/mok.pub", "certificate")
    #expect(explain(words, other)?.contains("mokutil --import /var/lib/dkms/mok.pub") == true)
  }

  @Test("a line in modprobe.d that blocks it is named")
  func blocked() throws {
    let host = try host().write("/etc/modprobe.d/x.conf", "\ninstall pcspkr /bin/false\n")
    let words =
      "modprobe: ERROR: ../libkmod/libkmod-module.c:1047 command_do() Error running install command "
      + "'/bin/false' for module pcspkr: retcode 1"
    #expect(explain(words, host)?.contains("line 2 of /etc/modprobe.d/x.conf") == true)
  }

  @Test("Operation not permitted has as many reasons as the host has")
  func notPermitted() throws {
    let words = "modprobe: ERROR: could not insert 'loop': Operation not permitted"
    #expect(try explain(words, host())?.contains("CAP_SYS_MODULE") == true)
    let disabled = try host().write("/proc/sys/kernel/modules_disabled", "1\n")
    #expect(explain(words, disabled)?.contains("kernel.modules_disabled is 1") == true)
    let locked = try host().write(
      "/sys/kernel/security/lockdown", "none [integrity] confidentiality\n")
    #expect(explain(words, locked)?.contains("locked down") == true)
    let container = try host().write("/.dockerenv")
    #expect(explain(words, container)?.contains("load it on the host") == true)
  }

  @Test(
    "what init_module answers is put into cause and next step",
    arguments: [
      ("Key was rejected by service", "signed"), ("Required key not available", "signed"),
      ("Exec format error", "another kernel than 6.1.0-50-amd64"),
      ("Invalid module format", "another kernel"),
      ("Unknown symbol in module, or unknown parameter (see dmesg)", "dmesg"),
      ("No such device", "no device"), ("Device or resource busy", "Another driver"),
      ("Cannot allocate memory", "memory"),
    ])
  func errors(words: String, said: String) throws {
    let sentence = "modprobe: ERROR: could not insert 'x': \(words)"
    #expect(try explain(sentence, host())?.contains(said) == true)
  }

  @Test("what is not known is not explained")
  func unknown() throws {
    #expect(try explain("modprobe: ERROR: something else", host()) == nil)
  }
}
