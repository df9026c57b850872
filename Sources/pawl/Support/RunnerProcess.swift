import Foundation
import Glibc
import PawlEngine
import PawlHost
import PawlModel

/// Starts the one runner in its own session and watches it through the journal. The terminal is
/// a window: closing it, a lost connection and Ctrl-C leave the runner at work.
struct RunnerProcess {
  let session: Session
  var restartsHost = true

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
      Self.plan(ofRunner: holder) == id || Self.isBootHook(holder) || before.state == .running
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

  /// The boot hook looks after every open plan, a trial until it is decided.
  private static func isBootHook(_ pid: Int32) -> Bool {
    let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")?.split(separator: 0)
    guard let words, words.count > 2 else { return false }
    return words[1].elementsEqual("boot-hook".utf8)
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
    if !restartsHost { argv.append("--no-reboot") }
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
  private let logPath: String
  /// What stands in the log before it is from earlier runners.
  private let logStart: Int

  init(session: Session) {
    self.session = session
    logPath = session.options.journalPath + ".runner.log"
    logStart = Int(LiveHost.size(of: logPath) ?? 0)
  }

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

  private enum End {
    case unseen
    case exited(Int32)
    case signalled(Int32)

    var sentence: String {
      switch self {
      case .unseen, .exited: "The runner has ended"
      case .signalled(let signal): "The runner was ended by signal \(signal)"
      }
    }
  }

  /// nil while the runner is at work.
  private func end(of runner: Int32?) -> End? {
    guard let runner else { return session.runnerPID == nil ? .unseen : nil }
    return switch DetachedProcess.ending(of: runner) {
    case .signalled(let signal)?: .signalled(signal)
    case .exited(let status)?: .exited(status)
    case nil: nil
    }
  }

  private func ended(_ plan: PlanRecord, _ end: End) -> Int32 {
    // Where it could not record why it ended, the plan stands as it stood before: only the runner's
    // own words say why nothing was done.
    if case .exited(let status) = end, ![0, plan.state.exitStatus].contains(status) {
      lastWords(status).forEach(Output.progress)
      return status
    }
    let isUnderWay =
      plan.state == .running || plan.state == .rollingBack || plan.state == .planned
    if isUnderWay {
      Output.progress(
        "\(end.sentence) before the plan did. What it was about is in \(logPath); nothing is lost.")
    }
    if let exposure = RestartExposure(plan: plan, here: session.host.now().bootID).sentence {
      Output.progress(exposure)
    }
    let advice = NextAdvice(plan: plan, runnerIsAlive: false)
    Output.progress("Next: \(advice.sentence)")
    return plan.state.exitStatus
  }

  /// What went wrong and what to do about it; on some disks it could not even be written down.
  private func lastWords(_ status: Int32) -> [String] {
    let log = FileManager.default.contents(atPath: logPath)?.dropFirst(logStart) ?? Data()
    let lines = String(decoding: log, as: UTF8.self).split(separator: "\n").suffix(2)
    if !lines.isEmpty { return lines.map { StepWording.printable(String($0)) } }
    let path = session.options.journalPath
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if let free = session.host.freeBytes(at: folder), free < 1 << 20 {
      return [
        "The runner has ended: no space is left for the journal \(path). Free some there, then run "
          + "`pawl resume`."
      ]
    }
    return [
      "The runner has ended with status \(status) and could not write down why: the file system of "
        + "\(path) is read-only or fails. The kernel's log says more; then run `pawl resume`."
    ]
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
