import PawlHost
import PawlModel
import Testing

@testable import PawlEngine

@Suite("A trial that was set and not used does not come at some later restart")
struct OneShotRecallTests {
  private final class Loader: HostBoot {
    var disarmed: [String] = []
    var fault: PawlError?
    var oneShot = LoaderTrace.OneShot.unknown

    func disarm(_ terms: TrialTerms) throws {
      if let fault { throw fault }
      disarmed.append(terms.trialEntry)
    }

    func bootIdentity() throws -> BootIdentity { TrialStory.after }
    func health() -> HealthState { HealthReader(root: HostRoot(path: "/none"), tool: nil).read() }
    func trialAhead(_ terms: TrialTerms, release: String) throws -> ArmedTrial {
      throw PawlError(.refused, "It is not asked for.")
    }
    func arm(_ terms: TrialTerms) throws {}
    func loaderTrace(of terms: TrialTerms, recorded: Bool) -> LoaderTrace {
      LoaderTrace(oneShot: oneShot, tried: .unknown, oneShotWasRecorded: recorded)
    }
    var isCrashKernel: Bool { false }
    func builtInModules() -> [String] { [] }
    func evidence(after armed: ArmedTrial) -> TrialEvidence { TrialEvidence() }
    func restart(_ kind: RestartKind, saying message: String) throws {}
  }

  @Test("in another boot than the one it was armed in it is taken back; in that one it stays")
  func takesBack() throws {
    let loader = Loader()
    let armed = try TrialStory().armed().plan
    let recall = OneShotRecall(host: loader)
    #expect(recall.takeBack(of: [armed], here: "before").isEmpty)
    #expect(loader.disarmed.isEmpty)
    #expect(recall.takeBack(of: [armed], here: "after").isEmpty)
    #expect(loader.disarmed == ["pawl-trial"])
  }

  @Test("that it was still set is remembered before it is taken back")
  func remembers() throws {
    let loader = Loader()
    var remembered: [String] = []
    let recall = OneShotRecall(host: loader) { terms in
      #expect(loader.disarmed.isEmpty)
      remembered.append(terms.token)
    }
    let armed = try TrialStory().armed().plan
    _ = recall.takeBack(of: [armed], here: "after")
    #expect(remembered.isEmpty)
    loader.disarmed = []
    loader.oneShot = .stillSet
    _ = recall.takeBack(of: [armed], here: "after")
    #expect(remembered == ["7.1"] && loader.disarmed == ["pawl-trial"])
  }

  @Test("what became of a trial is told before it is recorded")
  func outlook() throws {
    let loader = Loader()
    let armed = try TrialStory().armed().plan
    let outlook = TrialOutlook(host: loader)
    #expect(
      outlook.sentence(of: armed, here: TrialStory.after)?.contains("the trial counts as failed")
        == true)
    loader.oneShot = .stillSet
    #expect(
      outlook.sentence(of: armed, here: TrialStory.after)?.contains("was not tried") == true)
    #expect(outlook.sentence(of: armed, here: TrialStory.before) == nil)
    #expect(outlook.sentence(of: armed, here: TrialStory.trial) == nil)
  }

  @Test("a decided trial is left alone")
  func decided() throws {
    let loader = Loader()
    _ = OneShotRecall(host: loader).takeBack(of: [try TrialStory().succeeded().plan], here: "x")
    #expect(loader.disarmed.isEmpty)
  }

  @Test("what cannot be taken back is said")
  func fails() throws {
    let loader = Loader()
    loader.fault = PawlError(.inputOutput, "The environment block is read-only.")
    let told = OneShotRecall(host: loader).takeBack(of: [try TrialStory().armed().plan], here: nil)
    #expect(told.count == 1 && told[0].contains("may still start pawl-trial at the next restart"))
  }

  @Test("where no journal tells, it is taken back by name; a host without a loader has none")
  func unknown() {
    let loader = Loader()
    #expect(OneShotRecall(host: loader).takeBackUnknown().isEmpty)
    #expect(loader.disarmed == ["pawl-trial"])
    loader.fault = PawlError(.refused, "No boot loader is recognised.")
    #expect(OneShotRecall(host: loader).takeBackUnknown().isEmpty)
    loader.fault = PawlError(.inputOutput, "It cannot be written.")
    #expect(OneShotRecall(host: loader).takeBackUnknown().count == 1)
  }
}
