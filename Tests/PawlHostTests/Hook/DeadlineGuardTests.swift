import PawlModel
import Testing

@testable import PawlHost

@Suite("A kernel that does not prove itself in time is restarted, whatever else fails")
struct DeadlineGuardTests {
  /// A boot told second by second: every wait lets time pass, and ends the story at its end.
  private final class Story {
    var seconds: Int64 = 0
    var views: [(from: Int64, view: DeadlineGuard.View)]
    var endsAt: Int64
    var watchdogComesAt: Int64 = 0
    var restarts: [Int64] = []
    var fed: [Int64] = []
    var said: [String] = []
    var stoodDown = false
    var leftCounting: Int?
    var takesFood = true

    init(_ views: [(Int64, DeadlineGuard.View)], endsAt: Int64 = 5000) {
      self.views = views.map { (from: $0.0, view: $0.1) }
      self.endsAt = endsAt
    }

    var means: DeadlineGuard.Means {
      DeadlineGuard.Means(
        bootMillis: { self.seconds * 1000 },
        view: { self.views.last { $0.from <= self.seconds }?.view ?? .unknown },
        findWatchdog: {
          self.seconds >= self.watchdogComesAt ? .found(Dog(self)) : .none("No watchdog yet.")
        },
        restart: { self.restarts.append(self.seconds) },
        wait: { seconds in
          self.seconds += Int64(seconds)
          return self.seconds < self.endsAt
        },
        say: { self.said.append($0) })
    }

    func tell() -> Story {
      var guardian = DeadlineGuard(means)
      guardian.run()
      return self
    }
  }

  private final class Dog: GuardWatchdog {
    let story: Story
    let title = "i6300ESB timer (watchdog0), 60 s"

    init(_ story: Story) { self.story = story }
    func feed() -> Bool {
      story.fed.append(story.seconds)
      return story.takesFood
    }
    func standDown() -> String? {
      story.stoodDown = true
      return nil
    }
    func leaveCounting(seconds: Int) { story.leftCounting = seconds }
  }

  @Test("decided in time: no restart, and the watchdog is stopped")
  func decided() {
    let story = Story([(0, .undecided(deadlineSeconds: 600)), (300, .decided)]).tell()
    #expect(story.restarts.isEmpty && story.stoodDown && story.leftCounting == nil)
    #expect(story.fed.last == 295)
  }

  @Test(
    "past the deadline it restarts, and the watchdog is fed no more: it ends a restart that hangs")
  func deadline() {
    let story = Story([(0, .undecided(deadlineSeconds: 600))], endsAt: 800).tell()
    #expect(story.restarts.first == 725)
    #expect(story.fed.last == 720)
    #expect(story.restarts.count > 1, "a restart that was refused is tried again")
    #expect(!story.stoodDown)
  }

  @Test("a journal that is lost in the middle: what was read first still counts")
  func journalLost() {
    let story = Story([(0, .undecided(deadlineSeconds: 300)), (100, .unknown)], endsAt: 500).tell()
    #expect(story.restarts.first == 425)
  }

  @Test("a journal that never can be read: the usual deadline counts, from the start of the boot")
  func journalNeverRead() {
    #expect(Story([(0, .unknown)], endsAt: 800).tell().restarts.first == 725)
  }

  @Test("a failed trial that does not go down by itself is restarted by force")
  func leaving() {
    let story = Story(
      [(0, .undecided(deadlineSeconds: 600)), (200, .leaving)], endsAt: 600
    ).tell()
    #expect(story.restarts.first == 505)
  }

  @Test("a driver that comes late is still used, and a reason is said once")
  func lateWatchdog() {
    let story = Story([(0, .undecided(deadlineSeconds: 600)), (100, .decided)])
    story.watchdogComesAt = 30
    _ = story.tell()
    #expect(story.fed.first == 30)
    #expect(
      story.said == [
        "No watchdog yet.", "i6300ESB timer (watchdog0), 60 s watches over this trial.",
      ])
  }

  @Test("told to end while undecided: the watchdog counts on, for a kernel that hangs going down")
  func toldToEnd() {
    let story = Story([(0, .undecided(deadlineSeconds: 600))], endsAt: 50).tell()
    #expect(story.leftCounting == 300 && story.restarts.isEmpty && !story.stoodDown)
  }
}

@Suite("Only a watchdog that a trial can rely on is opened")
struct HardwareWatchdogTests {
  private func reason(_ files: [String: String]) throws -> String {
    let host = try FakeHost()
    for (name, text) in files {
      try host.write("/sys/class/watchdog/watchdog0/\(name)", text + "\n")
    }
    guard case .none(let why) = HardwareWatchdog.open(root: host.root, seconds: 60) else {
      Issue.record("it was opened")
      return ""
    }
    return why
  }

  @Test("none, a software one, one that cannot be stopped, one that does not say: in words")
  func reasons() throws {
    #expect(try reason([:]) == "This host has no watchdog.")
    #expect(
      try reason(["identity": "Software Watchdog", "nowayout": "0"])
        .contains("only a software watchdog"))
    #expect(try reason(["identity": "iTCO_wdt", "nowayout": "1"]).contains("(nowayout)"))
    #expect(
      try reason(["identity": "iTCO_wdt"]).contains("does not say whether it can be stopped"))
  }

  @Test("a device that is not there is a reason, too")
  func missingDevice() throws {
    #expect(
      try reason(["identity": "i6300ESB timer", "nowayout": "0"]).contains("cannot be opened"))
  }

  @Test("what is no watchdog is left alone")
  func noWatchdog() throws {
    let host = try FakeHost()
      .write("/sys/class/watchdog/watchdog0/identity", "i6300ESB timer\n")
      .write("/sys/class/watchdog/watchdog0/nowayout", "0\n")
      .write("/dev/watchdog0", "")
    guard case .none(let why) = HardwareWatchdog.open(root: host.root, seconds: 60) else {
      Issue.record("it was opened")
      return
    }
    #expect(why.contains("cannot be stopped"))
  }
}
