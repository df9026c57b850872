import PawlModel
import Testing

@testable import PawlEngine

@Suite("Whoever logs in reads where the plan stands, which kernel runs and what they can do")
struct LoginTextTests {
  private func text(
    _ story: TrialStory, in boot: BootIdentity, upSeconds: Int64 = 60
  ) -> String {
    // 14:22:10 UTC, so many seconds after the start of this boot.
    let now = Stamp(
      wallMillis: (14 * 3600 + 22 * 60 + 10) * 1000 + upSeconds * 1000, bootID: boot.bootID,
      bootMillis: upSeconds * 1000)
    return LoginText(plans: [story.plan], here: boot, now: now).lines.joined(separator: "\n")
  }

  @Test("armed and not restarted: the next restart, by anybody, is the trial, and how to undo that")
  func armed() throws {
    let text = text(try TrialStory().armed(), in: TrialStory.before)
    #expect(text.contains("the next restart of this host, whoever asks for it, starts"))
    #expect(text.contains("6.1.140-pawl1 once, on trial"))
    #expect(text.contains("pawl rollback 7"))
  }

  @Test("on trial: which kernel, until when, and how to go back at once")
  func onTrial() throws {
    let text = text(try TrialStory().waitsForTrial(), in: TrialStory.trial)
    #expect(text.contains("this host is ON TRIAL with 6.1.140-pawl1."))
    #expect(text.contains("by 14:32:10 UTC, 600 s after its start"))
    #expect(text.contains("else it goes back to 6.1.0-42-amd64 by itself"))
    #expect(text.contains("pawl reject 7") && !text.contains("pawl confirm"))
  }

  @Test("where a person decides, the person is asked")
  func asksPerson() throws {
    let terms = TrialTerms(token: "7.1", asksPerson: true)
    let text = text(try TrialStory(terms).waitsForTrial(), in: TrialStory.trial)
    #expect(text.contains("you say so by 14:32:10 UTC"))
    #expect(text.contains("pawl confirm 7") && text.contains("pawl reject 7"))
  }

  @Test("the trial boot is told as a trial before anything was recorded of it")
  func earlyInTheTrial() throws {
    #expect(
      text(try TrialStory().armed(), in: TrialStory.trial).contains("ON TRIAL with 6.1.140-pawl1"))
  }

  @Test("back on the old kernel before anybody looked: nothing is claimed yet")
  func earlyAfterTheTrial() throws {
    let text = text(try TrialStory().armed(), in: TrialStory.after)
    #expect(text.contains("was to be tried; this host runs 6.1.0-42-amd64."))
    #expect(!text.contains("ON TRIAL"))
  }

  @Test("proven: it is kept")
  func proven() throws {
    let text = text(try TrialStory().succeeded(), in: TrialStory.trial)
    #expect(text.contains("done. 6.1.140-pawl1 proved itself and is kept."))
    #expect(text.contains("This host runs 6.1.140-pawl1."))
  }

  @Test("fallen back: what was tried, what is known of it, what runs, and what is undone")
  func rolledBack() throws {
    let why =
      "The new kernel 6.1.140-pawl1 was started and did not come up. The kernel did not find its "
      + "root file system."
    let text = text(try TrialStory().fellBack(summary: why), in: TrialStory.after)
    #expect(text.contains("ROLLED BACK. 6.1.140-pawl1 was tried and did not stay"))
    #expect(text.contains("did not find its root file system"))
    #expect(text.contains("This host runs 6.1.0-42-amd64."))
    #expect(text.contains("pawl history show 7"))
  }

  @Test("a plan that waits says for what", arguments: WaitReason.allCases)
  func waits(_ reason: WaitReason) throws {
    var plan = try TrialStory().plan
    let at = Stamp(wallMillis: 0, bootID: "b", bootMillis: 0)
    plan = try plan.applying(
      [
        Entry(plan: plan.id, .plan(PlanChange(.run))),
        Entry(plan: plan.id, .plan(PlanChange(.wait(reason), why: "Because \u{1b} of this."))),
      ], at: at)
    let lines = LoginText(plans: [plan], here: nil, now: at).lines
    #expect(lines[0] == "Pawl plan 7 (kernel-rebuild) is \(PlanState.waiting(reason).inWords).")
    #expect(lines[1] == "  Because \\x1b of this.")
    #expect(lines[2].hasPrefix("  Next: "))
  }

  @Test("a journal that cannot be used is told with its reason, and a trial that nobody can judge")
  func trouble() {
    let error = PawlError(.newerJournal, "It is newer.", hint: "Use the newer Pawl.")
    let plain = LoginText.trouble(error, here: TrialStory.after).joined(separator: "\n")
    #expect(plain.contains("It is newer.") && plain.contains("Use the newer Pawl."))
    #expect(plain.contains("The host started as usual") && !plain.contains("on trial"))
    #expect(LoginText.stopped(PlanID(7), error).last?.contains("pawl status 7") == true)
    let trial = LoginText.trouble(error, here: TrialStory.trial).joined(separator: "\n")
    #expect(trial.contains("6.1.140-pawl1 runs on trial"))
    #expect(trial.contains("A restart brings the old kernel back, and comes by itself"))
  }

  @Test("the time that is left is counted from the start, whatever the wall clock says")
  func time() {
    let terms = TrialTerms(token: "t", deadlineSeconds: 600)
    let early = TrialTime(terms, now: Stamp(wallMillis: 5000, bootID: "b", bootMillis: 54_000))
    #expect(early.secondsLeft == 546 && early.inWords == "9 min 6 s left")
    #expect(early.timeOfDay == "00:09:11 UTC")
    let late = TrialTime(terms, now: Stamp(wallMillis: 0, bootID: "b", bootMillis: 700_000))
    #expect(late.inWords == "the deadline is over")
  }
}
