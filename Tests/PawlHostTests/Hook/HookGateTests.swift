import PawlModel
import Testing

@testable import PawlHost

@Suite("The boot hook acts only where it may")
struct HookGateTests {
  private func here(_ commandLine: String) -> BootIdentity {
    BootIdentity(bootID: "b", release: "6", version: "#1", buildID: nil, commandLine: commandLine)
  }

  @Test("a crash kernel has the trial's command line, and does nothing")
  func crashKernel() {
    let gate = HookGate(here: here("pawl.trial=1"), isCrashKernel: true, markIsThere: true)
    #expect(gate == .closed)
  }

  @Test("pawl.resume=no forbids everything, whatever else is there", arguments: [true, false])
  func forbidden(markIsThere: Bool) {
    let gate = HookGate(
      here: here("quiet pawl.resume=no pawl.trial=1"), isCrashKernel: false,
      markIsThere: markIsThere)
    #expect(gate == .forbidden)
    #expect(!here("pawl.resume=nobody").forbidsResume)
  }

  @Test("what was still set is remembered for its own trial, and forgotten with the boot")
  func loaderMemory() throws {
    let host = try FakeHost().folder("/run")
    let memory = LoaderMemory(root: host.root, files: LiveHost(), identity: own)
    let terms = TrialTerms(token: "7.1")
    #expect(!memory.wasStillSet(terms))
    memory.rememberStillSet(terms)
    memory.rememberStillSet(terms)
    #expect(memory.wasStillSet(terms) && !memory.wasStillSet(TrialTerms(token: "7.2")))
  }

  @Test("a trial is looked after where the journal's disk is missing; a plain boot is left alone")
  func trialWithoutMark() {
    #expect(
      HookGate(here: here("pawl.trial=1"), isCrashKernel: false, markIsThere: false) == .open)
    #expect(HookGate(here: here("quiet"), isCrashKernel: false, markIsThere: false) == .closed)
    #expect(HookGate(here: here("quiet"), isCrashKernel: false, markIsThere: true) == .open)
    #expect(HookGate(here: nil, isCrashKernel: false, markIsThere: true) == .open)
  }
}
