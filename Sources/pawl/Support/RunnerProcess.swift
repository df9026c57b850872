import Foundation
import Glibc
import PawlEngine
import PawlHost
import PawlModel

/// Starts the one runner in its own session and watches it through the journal. The terminal is
/// a window: closing it, a lost connection and Ctrl-C leave the runner at work.
struct RunnerProcess {
  let session: Session

  /// Starts a runner for the plan, or joins the one that is at work on it already, and returns
  /// the exit status of the plan once it goes no further.
  func runAndWatch(_ id: PlanID) throws -> Int32 {
    if let status = try join(id) { return status }
    let before = try session.plan(id)
    return try Watcher(session: session).watch(id, from: before, runner: try start(id))
  }

  /// nil where no runner is at work, or the one that was has died meanwhile: the lock of a dead
  /// runner is held a moment longer by a child that had not yet begun its program.
  private func join(_ id: PlanID) throws -> Int32? {
    guard let holder = session.runnerPID else { return nil }
    let before = try session.plan(id)
    // One that has only just been started has recorded nothing yet.
    guard
      Self.plan(ofRunner: holder) == id || before.state == .running
        || before.state == .rollingBack
    else {
      throw PawlError(
        .locked, "Process \(holder) is running another plan of this journal.",
        hint: "pawl watch shows it; wait until it is done.")
    }
    let status = try Watcher(session: session).watch(id, from: before, runner: nil)
    switch try session.plan(id).state {
    case .running, .rollingBack, .planned: return nil
    case .waiting, .succeeded, .failed, .rolledBack, .rollbackFailed, .abandoned: return status
    }
  }

  /// What its command line says; nil where that cannot be seen.
  private static func plan(ofRunner pid: Int32) -> PlanID? {
    let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")?.split(separator: 0)
    guard let words, words.count > 2, words[1].elementsEqual("runner".utf8) else { return nil }
    return Int64(String(decoding: words[2], as: UTF8.self)).map { PlanID($0) }
  }

  private func start(_ id: PlanID) throws -> Int32 {
    let options = session.options
    var argv = [Self.ownPath, "runner", String(id.number), "--journal", options.journalPath]
    if options.rootPath != "/" { argv += ["--root", options.rootPath] }
    return try DetachedProcess.start(
      argv: argv, environment: Self.runnerEnvironment, logPath: options.journalPath + ".runner.log")
  }

  static var ownPath: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments.first ?? "pawl"
  }

  /// Who asked travels along, for the record; nothing else of the person's environment does.
  private static var runnerEnvironment: [String: String] {
    let own = ProcessInfo.processInfo.environment
    let wanted = ["SUDO_UID", "SSH_CONNECTION", "HOME", "LANG"]
    return own.filter { wanted.contains($0.key) }.merging(
      ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]) { $1 }
  }
}

/// Follows a plan in the journal and prints what changes.
struct Watcher {
  let session: Session

  /// `runner` is the process that was started for it, nil where another one is at work.
  func watch(_ id: PlanID, from before: PlanRecord, runner: Int32?) throws -> Int32 {
    Interruption.detachOnInterrupt(plan: id)
    var shown = before
    while true {
      let end = end(of: runner)
      let plan = try session.plan(id)
      Progress.lines(from: shown, to: plan).forEach(Output.progress)
      shown = plan
      if let end { return ended(plan, end) }
      usleep(100_000)
    }
  }

  /// In words; nil while the runner is at work.
  private func end(of runner: Int32?) -> String? {
    guard let runner else { return session.runnerPID == nil ? "The runner has ended" : nil }
    return switch DetachedProcess.ending(of: runner) {
    case .signalled(let signal)?: "The runner was ended by signal \(signal)"
    case .exited?: "The runner has ended"
    case nil: nil
    }
  }

  private func ended(_ plan: PlanRecord, _ how: String) -> Int32 {
    let isUnderWay =
      plan.state == .running || plan.state == .rollingBack || plan.state == .planned
    if isUnderWay {
      Output.progress(
        "\(how) before the plan did. What it was about is in "
          + "\(session.options.journalPath).runner.log; nothing is lost.")
    }
    let advice = NextAdvice(plan: plan, runnerIsAlive: false)
    Output.progress("Next: \(advice.sentence)")
    return plan.state.exitStatus
  }
}

/// Ctrl-C closes the window, not the work.
enum Interruption {
  static func detachOnInterrupt(plan: PlanID) {
    signal(SIGINT) { _ in
      let text =
        "\nDetached; the plan goes on. `pawl watch` shows it again, `pawl pause` stops it.\n"
      text.utf8CString.withUnsafeBufferPointer {
        _ = write(STDERR_FILENO, $0.baseAddress, $0.count - 1)
      }
      _exit(130)
    }
  }
}
