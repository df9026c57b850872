import ArgumentParser
import Glibc
import PawlEngine
import PawlJournal
import PawlModel

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Approve what is missing (on a terminal), then run a plan and watch it.")

  @OptionGroup var plan: PlanArgument
  @OptionGroup var restarts: RestartOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.writing(options)
    let record = try session.plan(plan.id)
    guard !record.state.isSettled || record.state == .failed else {
      throw PawlError(
        .refused, "Plan \(plan.id) is \(record.state.word); it cannot be run again.",
        hint: "Make a new plan, or look at this one: pawl history show \(plan.id)")
    }
    try LiveKernelGuard().allow(record.frozen)
    if !record.unapproved.isEmpty {
      guard let terminal = Terminal() else { throw Approving.missing(record) }
      defer { terminal.close() }
      try Approving(session: session).ask(plan.id, on: terminal)
    }
    try session.goOn(try session.plan(plan.id), endsWait: false)
    Glibc.exit(
      try RunnerProcess(session: session, restartsHost: !restarts.noReboot).runAndWatch(plan.id))
  }
}

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a plan, from the last thing the journal knows.")

  @Argument(help: "The number of the plan; without it, the one that matters now.")
  var plan: Int64?
  @OptionGroup var restarts: RestartOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.writing(options)
    guard let number = try plan ?? session.journal.statusPlan()?.id.number else {
      throw PawlError(
        .noInput, "There is no plan to resume.", hint: "pawl plan RECIPE makes one.")
    }
    let record = try session.plan(PlanID(number))
    try LiveKernelGuard().allow(record.frozen)
    try session.goOn(record, endsWait: true)
    Glibc.exit(
      try RunnerProcess(session: session, restartsHost: !restarts.noReboot).runAndWatch(record.id))
  }
}

struct RestartOption: ParsableArguments {
  @Flag(help: "Stop at a restart with status 102; somebody else restarts the host.")
  var noReboot = false
}

extension PlanRecord {
  fileprivate func root(is path: String) -> Bool { frozen.root == path }
}

extension Session {
  /// Whoever runs a plan now wants it to go on: a pause or cancel that no runner met is taken back.
  /// With `endsWait` so is the wait for a person. A rollback that was asked for and not yet begun
  /// is what is gone on with.
  fileprivate func goOn(_ plan: PlanRecord, endsWait: Bool) throws {
    let standsStill =
      switch (plan.state, plan.control) {
      case (.planned, .pause), (.waiting, .pause), (.waiting, .cancel): true
      case (.waiting(.person), let control): endsWait && control != .rollback
      // Not restarted yet: it is set up and asked for once more.
      case (.waiting(.reboot), nil): endsWait && plan.root(is: "/")
      default: false
      }
    guard standsStill, runnerPID == nil else { return }
    try append([Entry(plan: plan.id, .control(.resume))], how: "command")
  }
}
