import ArgumentParser
import Foundation
import Glibc
import PawlEngine
import PawlHost
import PawlJournal
import PawlModel

/// The runner itself: its own process in its own session, one per journal. Everything it knows is
/// in the journal; it may be killed at any instant.
struct RunnerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runner", abstract: "Perform a plan (started by run, resume and rollback).",
    shouldDisplay: false)

  @OptionGroup var plan: PlanArgument
  @Flag(help: "Stop at a restart; somebody else restarts the host.") var noReboot = false
  @OptionGroup var options: GlobalOptions

  func run() throws {
    signal(SIGHUP, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    LiveHost.prepareProcess()
    // The place is judged before anything is made or emptied there.
    let session = try Session.writing(options)
    let lock = try RunnerLock.acquire(journalPath: options.journalPath)
    defer { withExtendedLifetime(lock) {} }
    // A backup that found no space or was cut has left pieces; only this process makes any now.
    _ = try? session.journal.dropUnfinishedBlobs()
    let mark = OpenPlansMark(journalPath: options.journalPath, files: session.host)
    // The boot hook looks after the system that boots, not after folders. Where the disk is full,
    // a plan still has to say so itself, and nothing is lost but the hook's help.
    if options.rootPath == "/" {
      try? mark.make()
      try? watchModules(of: try session.plan(plan.id), session)
    }
    var context = try Self.context(session)
    context.restartsHost = !noReboot
    let runner = try Runner(plan: plan.id, context: context)
    let state = try runner.run().state
    HookNotice.renew(session)
    if state.isSettled, try !session.hasOpenPlans { mark.remove() }
    Glibc.exit(runner.isRestarting ? PlanState.waiting(.reboot).exitStatus : state.exitStatus)
  }

  /// Before its file is written: a boot that a module does not let come up has to be noticed.
  private func watchModules(of plan: PlanRecord, _ session: Session) throws {
    let paths = ModuleWatch.paths(of: plan.frozen)
    guard geteuid() == 0, plan.frozen.root == "/", plan.state == .planned, !paths.isEmpty,
      Self.hook(session).fault == nil
    else { return }
    try ModuleWatch(files: session.host, identity: LiveHost.ownIdentity()).watch(paths)
  }

  private static func hook(_ session: Session) -> HookStanding {
    HookStanding(
      program: RunnerProcess.ownPath, journal: session.options.journalPath, files: session.host)
  }

  static func context(_ session: Session) throws -> RunnerContext {
    var context = session.context(how: "runner")
    try FileManager.default.createDirectory(
      atPath: context.spoolFolder, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    let forecaster = BuildForecaster(host: session.host, spoolFolder: context.spoolFolder) {
      (try? session.journal.earlierBuilds(limit: 1))?.first?.done
    }
    if session.options.rootPath == "/" {
      context.restartCompany = RestartCompany.live
      let hook = hook(session)
      context.hookFault = { hook.fault }
      context.awaitPackageWork = { PackageWork().await(seconds: 600) }
    }
    context.explainOption = KernelOptionReason.explain
    context.explainFailure = ProgramFailureReason.explain
    context.forecastBuild = forecaster.forecast
    return context
  }
}
