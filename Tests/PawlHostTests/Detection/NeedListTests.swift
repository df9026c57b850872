import Foundation
import PawlModel
import Testing

@testable import PawlHost

@Suite("What programs need of a kernel")
struct NeedListTests {
  private func host(_ config: String, release: String = "6.1.0-50-amd64") throws -> FakeHost {
    try FakeHost().running(release).write("/proc/modules", "overlay 1 0 - Live 0x0\n")
      .write("/boot/config-\(release)", config)
      .write("/lib/modules/\(release)/modules.dep", "kernel/br_netfilter.ko:\nkernel/overlay.ko:\n")
      .write("/lib/modules/\(release)/modules.builtin", "kernel/ext4.ko\n")
  }

  private func check(_ list: String, _ host: FakeHost) throws -> NeedCheck {
    let list = try NeedList(name: "x", text: "title: X\nsource: S\nversion: V\n" + list)
    return NeedCheck.of(list, host: HostDetection(root: host.root))
  }

  @Test(
    "every list that comes with Pawl can be read, names its source, and needs something",
    arguments: NeedList.shipped.map(\.name))
  func shipped(name: String) throws {
    let list = try #require(try NeedList.named(name))
    #expect(list.needs.contains { $0.level == .required })
    #expect(!list.source.isEmpty && !list.title.isEmpty && !list.version.isEmpty)
    #expect(Set(list.needs.map { "\($0.subject)" }).count == list.needs.count, "none stands twice")
  }

  @Test("each verdict is told apart, and the worst of what is required is that of the list")
  func verdicts() throws {
    let host = try host("CONFIG_A=y\n# CONFIG_B is not set\n")
    let found = try check(
      "required symbol A\nrequired module br_netfilter\noptional symbol B\n", host)
    #expect(found.items.map(\.check.verdict) == [.have, .moduleNotLoaded, .needsKernel])
    #expect(found.verdict == .moduleNotLoaded)
    #expect(found.recipes(.required) == ["pawl plan module-load --set module=br_netfilter"])
    #expect(found.recipes(.optional) == ["pawl plan kernel-rebuild --set options=B=y"])
    #expect(try check("required symbol B\nrequired symbol A\n", host).verdict == .needsKernel)
  }

  @Test("all options that are missing go into one kernel, modules as modules")
  func oneKernel() throws {
    let found = try check("required symbol VETH\nrequired symbol KEYS\n", try host("CONFIG_X=y\n"))
    #expect(
      found.recipes(.required) == ["pawl plan kernel-rebuild --set options=VETH=m,KEYS=y"])
  }

  @Test("of several names for the same option one is enough")
  func aliases() throws {
    let found = try check("required symbol NEW_NAME|OLD_NAME\n", try host("CONFIG_OLD_NAME=y\n"))
    #expect(found.verdict == .have)
    #expect(found.items.first?.check.name == "OLD_NAME")
  }

  @Test("what only other versions need is left out, and stays in where the version is not known")
  func versions() throws {
    let list = "required symbol A from 4.15\nrequired symbol B before 4.8\n"
    #expect(try check(list, try host("")).items.map(\.check.name) == ["A"])
    #expect(try check(list, try host("", release: "4.7.1")).items.map(\.check.name) == ["B"])
    #expect(try check(list, try FakeHost()).items.count == 2)
  }

  @Test("which version of control groups is mounted decides which options are needed")
  func controlGroups() throws {
    let list = "required cgroups\nrequired symbol V1 cgroup 1\nrequired symbol V2 cgroup 2\n"
    func names(_ mount: String?) throws -> [String] {
      let machine = try host("")
      if let mount {
        try machine.write(
          "/proc/self/mountinfo", "30 1 0:26 / /sys/fs/cgroup rw - \(mount) x rw\n")
      }
      return try check(list, machine).items.map(\.check.name)
    }
    #expect(try names("cgroup2") == ["cgroups", "V2"])
    #expect(try names("cgroup") == ["cgroups", "V1"])
    #expect(try names(nil) == ["cgroups", "V1", "V2"])
    let mounted = try host("").write(
      "/proc/self/mountinfo", "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 x rw\n")
    #expect(try check("required cgroups\n", mounted).verdict == .have)
    #expect(try check("required cgroups\n", try FakeHost()).verdict == .unknown)
  }

  @Test("a kernel that is too old is told, and so is one whose version is not known")
  func kernel() throws {
    #expect(try check("required kernel 5.10\n", try host("")).verdict == .have)
    #expect(
      try check("required kernel 5.10\n", try host("", release: "5.4.0-26-generic")).verdict
        == .needsKernel)
    #expect(try check("required kernel 5.10\n", try FakeHost()).verdict == .unknown)
  }

  @Test("a module that no kernel has by itself asks for its package, not for another kernel")
  func outside() throws {
    let found = try check("required module zfs dkms zfs-dkms\n", try host(""))
    #expect(found.verdict == .moduleNotLoaded)
    #expect(found.items.first?.check.howToFix?.contains("zfs-dkms") == true)
  }

  @Test(
    "a list that cannot be read is refused with its line",
    arguments: [
      "required symbol\n", "needed symbol A\n", "required symbol A from\n", "required thing A\n",
      "required symbol A cgroup 3\n", "required symbol A unless 5\n",
    ])
  func broken(line: String) {
    #expect(throws: PawlError.self) {
      try NeedList(name: "x", text: "title: X\nsource: S\nversion: V\n" + line)
    }
  }
}
