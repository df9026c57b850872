import FixtureHosts
import PawlHost
import PawlModel
import Testing

@testable import PawlEngine

@Suite("What a kernel for WSL is planned by")
struct WSLFactsTests {
  private func facts(_ parameters: [String: String], on name: String = "wsl-2-6.6") throws
    -> WSLFacts
  {
    try WSLFacts(
      parameters: ["windows_home": "/mnt/c/Users/me"].merging(parameters) { _, new in new },
      detection: HostDetection(root: FixtureHosts.root(name)), windows: .live(processes: LiveHost())
    )
  }

  @Test(
    "the source of the running kernel is Microsoft's of the very same version; of one's own, none")
  func source() throws {
    #expect(
      try facts([:]).source
        == "git:https://github.com/microsoft/WSL2-Linux-Kernel@linux-msft-wsl-6.6.87.1")
    #expect(try !facts([:], on: "wsl-2-custom").source.hasPrefix("git:"))
  }

  @Test(
    "what would only fail after two hours of building is refused when the plan is made",
    arguments: [
      (["options": "VFIO=m"], "without a disk of modules"),
      (["windows_home": "/mnt/c/Users/nobody"], "is no folder here"),
      (["windows_home": "/etc"], "on no drive of Windows"),
    ])
  func refused(parameters: [String: String], word: String) {
    let error = #expect(throws: PawlError.self) { try facts(parameters) }
    #expect(error?.code == .refused)
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
  }

  @Test("a plan that would restart is refused where nobody would look after the trial")
  func hook() throws {
    let values = try facts([:]).values(hookFault: "The boot hook is not in place.")
    // Below a root that is not live there is no trial.
    #expect(values["wsl_restart"] == "no")
    #expect(values["wsl_settings_exist"] == "yes")
    #expect(values["windows_folder"] == "C:\\Users\\me\\pawl")
  }

  @Test("the release keeps Microsoft's name, and is one that nobody has yet")
  func localVersion() throws {
    #expect(try facts([:]).localVersion("6.6.87.2") == "-microsoft-standard-WSL2-pawl1")
  }

  @Test(
    "a tag tells the version, with Microsoft's fourth part; a branch does not",
    arguments: [
      ("linux-msft-wsl-6.6.87.2", "6.6.87.2"), ("v6.1.176", "6.1.176"), ("v6.1", "6.1.0"),
      ("linux-msft-wsl-6.6.y", nil), ("main", nil),
    ] as [(String, String?)])
  func tags(reference: String, version: String?) throws {
    let source = KernelSource(text: "git:https://example.org/linux@\(reference)") { _ in nil }
    #expect(try source.version() == version)
  }
}
