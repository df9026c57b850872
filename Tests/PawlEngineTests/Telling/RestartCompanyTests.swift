import PawlHost
import PawlModel
import Testing

@testable import PawlEngine

@Suite("A restart is approved with everybody in view whom it concerns")
struct RestartCompanyTests {
  @Test("those who are logged in are named, and kept in history")
  func named() throws {
    let company = RestartCompany(
      people: [
        LoggedIn(user: "alice", terminal: "pts/3", origin: "10.0.0.5"),
        LoggedIn(user: "bob", terminal: "tty1"),
      ], packageWork: "apt is at work.")
    #expect(
      company.lines == [
        "  Logged in now: alice on pts/3 from 10.0.0.5, bob on tty1; the restart ends what they do.",
        "  apt is at work. The restart waits for that, ten minutes at most.",
      ])
    #expect(company.note?.text.contains("alice on pts/3") == true)
  }

  @Test("a restart that somebody ordered for later is told")
  func scheduled() {
    let order = ScheduledRestart(mode: "reboot", wallMillis: 3 * 3_600_000)
    let lines = RestartCompany(people: [], scheduled: order).lines
    #expect(
      lines.last == "  A reboot is ordered already, for 03:00:00 UTC: it ends a trial that runs by "
        + "then. shutdown -c takes it back.")
  }

  @Test("nobody there is said, and kept nowhere")
  func nobody() {
    let company = RestartCompany(people: [])
    #expect(company.lines.count == 1 && company.note == nil)
  }

  @Test("a crowd is bounded")
  func crowd() {
    let people = (1...20).map { LoggedIn(user: "u\($0)", terminal: "pts/\($0)") }
    #expect(
      RestartCompany(people: people).lines.first?.contains("u12 on pts/12 and 8 more") == true)
  }

  @Test("an armed trial exposes the host to any restart, until it happened")
  func exposure() throws {
    let armed = try TrialStory().armed().plan
    let sentence = try #require(RestartExposure(plan: armed, here: "before").sentence)
    #expect(sentence.contains("whoever or whatever asks for it, starts 6.1.140-pawl1 once"))
    #expect(sentence.contains("pawl rollback 7"))
    #expect(RestartExposure(plan: armed, here: "trial").sentence == nil)
    #expect(RestartExposure(plan: try TrialStory().plan, here: "before").sentence == nil)
  }
}
