import PawlModel
import Testing

@testable import PawlHost

/// A lab cut the power while dpkg unpacked headers: the step was repeated by the hook, and apt refused at once.
@Suite("Packages whose installation lost its power are installed by the next attempt")
struct PackageInstallationTests {
  private let ground: LoaderGround
  private let apt = ["apt-get", "install", "--yes", "linux-headers-x"]

  init() throws {
    ground = try LoaderGround()
    try ground.addProgram("apt-get", "[ ! -e \"$FIXTURE_ROOT/var/lib/dpkg/updates/0001\" ]\n")
    try ground.addProgram("dpkg", "rm \"$FIXTURE_ROOT/var/lib/dpkg/updates/0001\"\n")
    try ground.lay("/var/lib/dpkg/updates/tmp.i", "")
  }

  private func install(attempt: Int) throws {
    let installation = PackageInstallation(
      root: ground.root, attempt: "journal/1/headers/\(attempt)")
    #expect(try installation.run(apt, with: ground.tool(processes: LiveHost())))
  }

  @Test("dpkg is put in order first where an earlier attempt was cut off, and else not asked")
  func repeated() throws {
    try install(attempt: 1)
    try ground.lay("/var/lib/dpkg/updates/0001", "Package: x\n")
    try install(attempt: 2)
    let line = apt.joined(separator: " ")
    #expect(ground.record == [line, "dpkg --configure -a", line])
  }

  @Test("what somebody else left in disorder is theirs: it is said, and nothing is run")
  func ofSomebodyElse() throws {
    try ground.lay("/var/lib/dpkg/updates/0001", "Package: x\n")
    let fault = refusal { try install(attempt: 1) }
    #expect(fault?.hint?.contains("dpkg --configure -a") == true)
    #expect(ground.record.isEmpty)
  }

  @Test("what apt says in the end is explained, with what to do")
  func explained() {
    let words = "E: Unable to locate package linux-headers-6.1.0-1-amd64"
    #expect(PackageFailure.explain(words)?.contains("apt-get update") == true)
    #expect(PackageFailure.explain("E: nothing known") == nil)
  }
}
