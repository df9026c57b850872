import PawlModel
import Testing

@Suite("What is worse after a restart is found and named")
struct HealthComparisonTests {
  private let healthy = HealthState(
    failedUnits: ["old-trouble.service"], mounts: ["/", "/boot", "/srv/data"],
    rootIsWritable: true, defaultRoutes: ["eth0"], modules: ["overlay", "virtio_net", "wireguard"],
    wantedModules: ["br_netfilter", "wireguard"], dkmsModules: ["nvidia", "zfs"], taint: 4096)

  private func findings(
    demanded: [String] = [], builtIn: [String] = ["br_netfilter"],
    builtInBefore: Set<String>? = nil, _ change: (inout HealthState) -> Void
  ) -> [HealthFinding] {
    var after = healthy
    change(&after)
    return HealthComparison(
      before: healthy, after: after, demanded: demanded, builtIn: builtIn,
      builtInBefore: builtInBefore
    ).findings
  }

  private func only(_ findings: [HealthFinding]) -> HealthFinding? {
    findings.count == 1 ? findings.first : nil
  }

  @Test("a host that is as it was has no findings")
  func unchanged() {
    #expect(findings { _ in } == [])
  }

  @Test("a root that cannot be written is a failure, also where it was so before")
  func readOnlyRoot() {
    let found = only(findings { $0.rootIsWritable = false })
    #expect(found?.severity == .failure && found?.subject == .root)
    var before = healthy
    before.rootIsWritable = false
    let comparison = HealthComparison(before: before, after: before, builtIn: ["br_netfilter"])
    #expect(comparison.findings.map(\.severity) == [.failure])
  }

  @Test("a mount that is gone is a failure that names it; a new one is nothing")
  func mounts() {
    let found = only(findings { $0.mounts = ["/", "/boot", "/new"] })
    #expect(found?.severity == .failure)
    #expect(found?.sentence == "/srv/data is not mounted and was before.")
  }

  @Test("a lost default route is a failure, another device only a difference")
  func routes() {
    #expect(only(findings { $0.defaultRoutes = [] })?.severity == .failure)
    let other = only(findings { $0.defaultRoutes = ["ens3"] })
    #expect(other?.severity == .difference)
    #expect(other?.sentence.contains("ens3") == true && other?.sentence.contains("eth0") == true)
    #expect(findings { $0.defaultRoutes = ["eth0", "wg0"] } == [])
  }

  @Test("a host that had no default route loses none")
  func neverRouted() {
    var before = healthy
    before.defaultRoutes = []
    let comparison = HealthComparison(before: before, after: before, builtIn: ["br_netfilter"])
    #expect(comparison.findings == [])
  }

  @Test("services that failed anew are a failure and are named; old trouble is not")
  func units() {
    let found = only(
      findings { $0.failedUnits = ["b.service", "old-trouble.service", "a.mount"] })
    #expect(found?.severity == .failure)
    #expect(found?.sentence.contains("a.mount and b.service") == true)
    #expect(found?.sentence.contains("old-trouble") == false)
  }

  @Test("a hundred failed services make one sentence of bounded length")
  func manyUnits() {
    let found = only(findings { $0.failedUnits = (100..<200).map { "unit-\($0).service" } })
    #expect(found?.sentence.contains("and 92 more") == true)
    #expect((found?.sentence.utf8.count ?? 0) < 800)
  }

  @Test("a module that was loaded before and is gone is named, as a difference")
  func module() {
    let found = only(findings { $0.modules = ["virtio_net", "wireguard"] })
    #expect(found?.severity == .difference && found?.subject == .module)
    #expect(found?.sentence.contains("overlay") == true)
  }

  @Test("a module that moved into the kernel's image is not missing")
  func builtIn() {
    #expect(
      findings(builtIn: ["br_netfilter", "overlay", "wireguard"]) { $0.modules = ["virtio_net"] }
        == [])
  }

  @Test("a module that the host asks for at boot and is not there is a failure")
  func wantedModule() {
    let found = only(findings { $0.modules = ["overlay", "virtio_net"] })
    #expect(found?.severity == .failure)
    #expect(found?.sentence.contains("wireguard") == true)
    #expect(findings(builtIn: []) { _ in }.map(\.severity) == [.failure])
  }

  @Test("a module that the host asks for and had not before either is known to be old trouble")
  func wantedAndNeverThere() {
    let known = findings(builtIn: [], builtInBefore: []) { _ in }
    #expect(known.map(\.severity) == [.difference])
    let wasBuiltIn = findings(builtIn: [], builtInBefore: ["br-netfilter"]) { _ in }
    #expect(wasBuiltIn.map(\.severity) == [.failure])
    let newlyAsked = findings(builtInBefore: []) { $0.wantedModules.append("vfio_pci") }
    #expect(newlyAsked.map(\.severity) == [.failure])
  }

  @Test("a module that the recipe demands is a failure where it is missing")
  func demanded() {
    let found = only(findings(demanded: ["vfio-pci"]) { _ in })
    #expect(found?.severity == .failure && found?.sentence.contains("vfio_pci") == true)
    #expect(findings(demanded: ["vfio-pci"]) { $0.modules.append("vfio_pci") } == [])
  }

  @Test("dashes and underscores name the same module")
  func spelling() {
    #expect(
      findings(builtIn: ["br-netfilter"]) { $0.modules = ["overlay", "virtio-net", "wireguard"] }
        == [])
  }

  @Test("a DKMS module that is not installed fails where it was in use, else it is a difference")
  func dkms() {
    #expect(only(findings { $0.dkmsModules = ["zfs"] })?.severity == .difference)
    var before = healthy
    before.modules.append("nvidia")
    var after = before
    after.dkmsModules = ["zfs"]
    let comparison = HealthComparison(before: before, after: after, builtIn: ["br_netfilter"])
    #expect(comparison.findings.map(\.severity) == [.failure])
    #expect(comparison.findings.first?.sentence.contains("nvidia") == true)
  }

  @Test(
    "an oops, a soft lockup and a machine check are failures; other new taints are differences",
    arguments: TaintFlag.allCases)
  func taint(flag: TaintFlag) {
    var before = healthy
    before.taint = 0
    var after = before
    after.taint = flag.mask
    let found = HealthComparison(before: before, after: after, builtIn: ["br_netfilter"]).findings
    #expect(found.map(\.severity) == [[4, 7, 14].contains(flag.rawValue) ? .failure : .difference])
    #expect(found.first?.sentence.contains(flag.name) == true)
  }

  @Test("the bits of the taint mask are those of the kernel's documentation")
  func taintBits() {
    #expect(TaintFlag.died.rawValue == 7)
    #expect(TaintFlag.outOfTreeModule.mask == 4096)
    #expect(TaintFlag.softLockup.rawValue == 14)
    #expect(TaintFlag.inKernelTest.rawValue == 18)
    #expect(TaintFlag.flags(of: 1 << 40 | 4096).known == [.outOfTreeModule])
    #expect(TaintFlag.flags(of: 1 << 40 | 4096).unknown == 1)
  }

  @Test("taint that was there before is nothing new, and a bit without a name is told")
  func oldTaint() {
    #expect(findings { $0.taint = 4096 } == [])
    #expect(findings { $0.taint = 0 } == [])
    #expect(only(findings { $0.taint = 4096 | 1 << 63 })?.severity == .difference)
  }

  @Test("what either side cannot tell is no finding")
  func unknown() {
    let blank: (inout HealthState) -> Void = {
      $0.failedUnits = nil
      $0.dkmsModules = nil
      $0.taint = nil
    }
    #expect(findings(blank) == [])
    var before = healthy
    blank(&before)
    let comparison = HealthComparison(before: before, after: healthy, builtIn: ["br_netfilter"])
    #expect(comparison.findings == [])
  }

  @Test("failures come before differences, and names cannot drive a terminal")
  func orderAndEscapes() {
    let found = findings {
      $0.modules = ["wireguard"]
      $0.mounts = ["/"]
      $0.failedUnits = ["evil\u{1b}[2J.service"]
      $0.taint = 4096 | 512
    }
    let severities = found.map(\.severity)
    #expect(
      severities == severities.filter { $0 == .failure } + severities.filter { $0 == .difference })
    #expect(found.contains { $0.sentence.contains("evil\\x1b[2J.service") })
  }
}

@Suite("Text of the host is shown bounded and harmless")
struct HostTextTests {
  @Test("control characters and directions are written as numbers")
  func escapes() {
    #expect(HostText.line("a\u{1b}b\nc\u{202e}d") == "a\\x1bb\\x0ac\\u{202e}d")
    #expect(HostText.lines("a\n\tb\r") == "a\n\tb\\x0d")
  }

  @Test("what is too long ends in an ellipsis")
  func bounds() {
    #expect(HostText.line("abcdef", limit: 3) == "abc…")
    #expect(HostText.line("abc", limit: 3) == "abc")
  }

  @Test("lists read as a sentence does")
  func lists() {
    #expect(HostText.list([]) == "")
    #expect(HostText.list(["a"]) == "a")
    #expect(HostText.list(["a", "b", "c"]) == "a, b and c")
    #expect(HostText.list(["a", "b", "c"], limit: 2) == "a, b and 1 more")
  }
}
