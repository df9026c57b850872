import PawlModel
import Testing

@Suite("A rollback restarts out of what it takes away, and out of nothing else")
struct LeavingTests {
  private func expected(trial: String) -> ExpectedBoot {
    ExpectedBoot(
      armedIn: "boot-1", token: "7.1",
      trial: KernelIdentity(release: trial, version: "#1", buildID: nil),
      fallback: KernelIdentity(release: "6.1.0-old", version: "#1", buildID: nil))
  }

  private func boot(_ release: String, _ commandLine: String = "ro quiet") -> BootIdentity {
    BootIdentity(
      bootID: "boot-2", release: release, version: "#1", buildID: nil, commandLine: commandLine)
  }

  @Test("a new kernel is left, on trial or promoted; the old one is not")
  func newKernel() {
    let expected = expected(trial: "6.6.1-pawl1")
    #expect(expected.mustBeLeft(under: boot("6.6.1-pawl1", "ro pawl.trial=7.1")))
    #expect(expected.mustBeLeft(under: boot("6.6.1-pawl1")))
    #expect(!expected.mustBeLeft(under: boot("6.1.0-old")))
  }

  /// By its release alone a host that fell back was to be restarted again, and was stranded then.
  @Test("of a trial of the kernel that ran before, only the trial's own boot is left")
  func sameKernel() {
    let expected = expected(trial: "6.1.0-old")
    #expect(expected.mustBeLeft(under: boot("6.1.0-old", "ro pawl.trial=7.1")))
    #expect(!expected.mustBeLeft(under: boot("6.1.0-old")))
    #expect(!expected.mustBeLeft(under: boot("6.1.0-old", "ro pawl.trial=7.2")))
    #expect(!expected.mustBeLeft(under: boot("5.10.0-third")))
  }
}
