import Foundation
import Glibc
import PawlModel
import Testing

/// The terminal is a window: what happens to it does not happen to the plan.
@Suite struct TerminalTests {
  private let place: Workplace
  private var gate: String { place.folder + "/gate" }

  init() throws { place = try Workplace() }

  /// A plan whose first step waits at the gate, and a second one behind it.
  private func gatedPlan(approved: Bool = true) throws -> PlanID {
    try place.plan(
      [StepText(id: "wait", until: gate), StepText(id: "after", until: "0.01")], approved: approved)
  }

  /// `pawl run` on a terminal, with its first step under way.
  private func running(_ id: PlanID) throws -> (window: Pseudoterminal, run: Child) {
    let window = try Pseudoterminal()
    let run = try place.start("run", "\(id)", on: window.path)
    #expect(try eventually { place.ledger.has(.start, "wait") }, "\(window.text)")
    return (window, run)
  }

  private func openGate() throws { try place.write("", to: "gate") }

  private func settles(_ id: PlanID, _ state: PlanState) throws -> Bool {
    try eventually { try place.record(id).state == state && place.runnerPID == nil }
  }

  @Test("closing the terminal leaves the plan running, and `pawl watch` shows it again")
  func closing() throws {
    let id = try gatedPlan()
    let (window, run) = try running(id)
    window.close()
    try run.wait()
    #expect(place.runnerPID != nil)
    let second = try Pseudoterminal()
    let watch = try place.start("watch", "\(id)", on: second.path)
    #expect(try second.shows("wait  started"), "\(second.text)")
    try openGate()
    #expect(try second.shows("after  succeeded"), "\(second.text)")
    #expect(try watch.wait() == .exited(0))
    #expect(try settles(id, .succeeded))
  }

  @Test("a hang-up of `pawl run` leaves the plan running")
  func hangUp() throws {
    let id = try gatedPlan()
    let (window, run) = try running(id)
    kill(run.pid, SIGHUP)
    #expect(try run.wait() == .signalled(SIGHUP), "\(window.text)")
    #expect(place.runnerPID != nil)
    try openGate()
    #expect(try settles(id, .succeeded))
  }

  @Test("Ctrl-C detaches with 130 and says so; the plan goes on")
  func interrupt() throws {
    let id = try gatedPlan()
    let (window, run) = try running(id)
    window.type("\u{3}")
    #expect(try run.wait() == .exited(130), "\(window.text)")
    #expect(try window.shows("the plan goes on"))
    #expect(place.runnerPID != nil)
    try openGate()
    #expect(try settles(id, .succeeded))
  }

  @Test("what was typed before the question approves nothing")
  func typedAhead() throws {
    let id = try gatedPlan(approved: false)
    let window = try Pseudoterminal()
    // Held open, so that what is typed waits for the program that is about to be started.
    let held = open(window.path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    defer { close(held) }
    window.type("y\ny\n")
    let run = try place.start("run", "\(id)", on: window.path)
    #expect(try window.shows("[y/N]"))
    window.type("n\n")
    #expect(try run.wait() == .exited(3), "\(window.text)")
    #expect(try place.record(id).unapproved.count == 2)
    #expect(place.ledger.lines == [])
  }

  @Test("of two answers pasted at once, the second approves nothing")
  func pasted() throws {
    let id = try gatedPlan(approved: false)
    let window = try Pseudoterminal()
    let run = try place.start("run", "\(id)", on: window.path)
    #expect(try window.shows("[y/N]"))
    window.type("y\ny\n")
    #expect(
      try eventually { window.text.components(separatedBy: "[y/N]").count == 3 }, "\(window.text)")
    window.type("\n")
    #expect(try run.wait() == .exited(3), "\(window.text)")
    #expect(try place.record(id).unapproved.map(\.id) == ["after"])
    #expect(place.ledger.lines == [])
  }

  @Test(
    "pause and cancel stop at the safe point behind the step under way; resume goes on",
    arguments: ["pause", "cancel"])
  func stop(verb: String) throws {
    let id = try gatedPlan()
    let (window, run) = try running(id)
    #expect(try place.pawl(verb, "\(id)").contains("next safe point"))
    try openGate()
    #expect(try run.wait() == .exited(5), "\(window.text)")
    let stopped = try place.record(id)
    #expect(stopped.state == .waiting(.person))
    #expect(stopped.steps.map(\.state) == [.succeeded, .approved])
    #expect(!place.ledger.has(.start, "after"))
    try place.pawl("resume", "\(id)")
    #expect(try settles(id, .succeeded))
  }

  @Test("a second runner says who holds the journal and exits 75")
  func twoRunners() throws {
    let id = try gatedPlan()
    let other = try place.plan([StepText(id: "other", until: "0.01")])
    let (window, run) = try running(id)
    let holder = try #require(place.runnerPID)
    for verb in [["runner", "\(id)"], ["run", "\(other)"], ["resume", "\(other)"]] {
      let second = try place.run(verb)
      #expect(second.status == 75, "\(verb)")
      #expect(second.errors.lowercased().contains("process \(holder)"), "\(second.errors)")
    }
    try openGate()
    #expect(try run.wait() == .exited(0), "\(window.text)")
    #expect(try place.record(other).state == .planned)
  }
}
