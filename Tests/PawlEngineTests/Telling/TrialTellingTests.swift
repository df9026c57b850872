import PawlModel
import Testing

@testable import PawlEngine

@Suite("History tells a trial so that somebody who was not there understands it")
struct TrialTellingTests {
  private func told(_ events: [TrialEvent], _ terms: TrialTerms = TrialStory.terms) -> String {
    var telling = TrialTelling(plan: PlanID(7), terms: terms)
    return events.flatMap { telling.sentences(of: $0) }.joined(separator: "\n")
  }

  private func armed() throws -> TrialEvent {
    .armed(try #require(try TrialStory().armed().plan.steps[0].trial).armed)
  }

  private func booted(_ identity: BootIdentity, isTrial: Bool) -> TrialEvent {
    .booted(BootReport(identity: identity, isTrial: isTrial, summary: "So it is."))
  }

  @Test("armed: from which kernel to which, by which entries, and how long it has")
  func arming() throws {
    let text = told([try armed(), .oneShotSet(entry: "pawl-trial")])
    #expect(text.contains("Armed while 6.1.0-42-amd64 ran: 6.1.140-pawl1 is to be started once"))
    #expect(text.contains("It has 600 s from its start to be well, for 60 s at least"))
    #expect(text.contains("the next restart starts pawl-trial, once."))
  }

  @Test("what came up is told with what proves it")
  func proven() throws {
    let text = told([try armed(), booted(TrialStory.trial, isTrial: true)])
    #expect(text.contains("Came up: 6.1.140-pawl1, on trial."))
    #expect(text.contains("It is the kernel that was to be tried (release and build agree)"))
    #expect(text.contains("the token of this trial is on its command line"))
    #expect(text.contains("Judgement: So it is."))
  }

  @Test("the old kernel is recognised as such")
  func fellBack() throws {
    let text = told([try armed(), booted(TrialStory.after, isTrial: false)])
    #expect(text.contains("It is the kernel that ran before (release and build agree)"))
    #expect(text.contains("no token of this trial"))
  }

  @Test("a kernel that is neither is told with what differs")
  func another() throws {
    var other = TrialStory.trial
    other.version = "#2"
    let text = told([try armed(), booted(other, isTrial: false)])
    #expect(
      text.contains(
        "neither of the two: of 6.1.140-pawl1 the build differs, of 6.1.0-42-amd64 the release and "
          + "the build differ"))
  }

  @Test("what people and rollbacks did is told")
  func others() throws {
    let text = told([
      try armed(), .judged(.rejected), .leaving(under: "trial"), .judged(.confirmed),
    ])
    #expect(text.contains("A person rejected 6.1.140-pawl1."))
    #expect(text.contains("restarted out of 6.1.140-pawl1 to go back to 6.1.0-42-amd64"))
    #expect(text.contains("A person confirmed 6.1.140-pawl1."))
  }

  @Test("of evidence the last lines are shown, all of it when asked for, and it drives no terminal")
  func evidence() {
    let log = (1...30).map { "line \($0) \u{1b}" }.joined(separator: "\n")
    let report = BootReport(
      identity: TrialStory.after, isTrial: false, summary: "s",
      evidence: ["/sys/fs/pstore/dmesg-1": log])
    let short = TrialTelling.evidence(report, of: PlanID(7), whole: false)
    #expect(short.first == "/sys/fs/pstore/dmesg-1, 30 lines, the last of them:")
    #expect(short.count == 10 && short[8] == "  | line 30 \\x1b")
    #expect(short.last == "All of it: pawl history show 7 --evidence")
    let whole = TrialTelling.evidence(report, of: PlanID(7), whole: true)
    #expect(whole.count == 31 && whole[1] == "  | line 1 \\x1b")
  }

  @Test("status says how much time is left, in the boot that is the trial alone")
  func status() throws {
    let plan = try TrialStory().waitsForTrial().plan
    let now = Stamp(wallMillis: 60_000, bootID: "trial", bootMillis: 60_000)
    let status = try #require(TrialStatus(plan: plan, here: TrialStory.trial, now: now))
    #expect(status.secondsLeft == 540)
    #expect(
      status.sentence
        == "6.1.140-pawl1, 9 min 0 s left to be well (until 00:10:00 UTC); else back to "
        + "6.1.0-42-amd64")
    #expect(TrialStatus(plan: plan, here: TrialStory.after, now: now) == nil)
    #expect(
      TrialStatus(plan: try TrialStory().succeeded().plan, here: TrialStory.trial, now: now) == nil)
  }

  @Test("where a person has the last word, the deadline counts for the person, too")
  func patience() throws {
    let trial = try #require(try TrialStory().waitsForTrial().plan.steps[0].trial)
    func verdict(_ asks: Bool, at seconds: Int64, _ word: TrialJudgement? = nil) -> HealthVerdict {
      var trial = trial
      trial.judgement = word
      let terms = TrialTerms(token: "7.1", deadlineSeconds: 600, asksPerson: asks)
      return TrialPatience(terms: terms, trial: trial).verdict(upSeconds: seconds)
    }
    #expect(verdict(true, at: 599) == .good)
    #expect(verdict(true, at: 600, .confirmed) == .good)
    #expect(verdict(false, at: 9999) == .good)
    guard case .bad(let why) = verdict(true, at: 600) else {
      Issue.record("it waits for ever")
      return
    }
    #expect(why.contains("nobody confirmed it within 600 seconds"))
  }

  @Test("status says what is not well now, and what is only other than before")
  func health() throws {
    let before = try #require(try TrialStory().armed().plan.steps[0].trial).armed.health
    var after = before
    #expect(
      TrialHealth(HealthComparison(before: before, after: after, builtIn: [])).lines
        == ["as before the restart, as far as this host tells"])
    after.mounts = []
    after.taint = 1 << 12
    let health = TrialHealth(HealthComparison(before: before, after: after, builtIn: []))
    #expect(health.failures.count == 1 && health.differences.count == 1)
    #expect(health.lines.first?.hasPrefix("NOT WELL: ") == true)
    #expect(health.lines.last?.hasPrefix("only other than before: ") == true)
  }
}
