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
    try session.takeBackPause(of: try session.plan(plan.id))
    Glibc.exit(try RunnerProcess(session: session).runAndWatch(plan.id))
  }
}

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a plan, from the last thing the journal knows.")

  @Argument(help: "The number of the plan; without it, the one that matters now.")
  var plan: Int64?
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.writing(options)
    guard let number = try plan ?? session.journal.statusPlan()?.id.number else {
      throw PawlError(
        .noInput, "There is no plan to resume.", hint: "pawl plan RECIPE makes one.")
    }
    let record = try session.plan(PlanID(number))
    try LiveKernelGuard().allow(record.frozen)
    // A rollback that was asked for and not yet begun is what is gone on with.
    let isGoingBack = record.control == .rollback
    if record.state == .waiting(.person), !isGoingBack, session.runnerPID == nil {
      try session.append([Entry(plan: record.id, .control(.resume))], how: "command")
    }
    try session.takeBackPause(of: try session.plan(record.id))
    Glibc.exit(try RunnerProcess(session: session).runAndWatch(record.id))
  }
}

extension Session {
  /// A pause or cancel that no runner met stands in the way of every later one: whoever runs the
  /// plan now wants it to go on.
  fileprivate func takeBackPause(of plan: PlanRecord) throws {
    let standsStill =
      switch (plan.state, plan.control) {
      case (.planned, .pause), (.waiting, .pause), (.waiting, .cancel): true
      default: false
      }
    guard standsStill, runnerPID == nil else { return }
    try append([Entry(plan: plan.id, .control(.resume))], how: "command")
  }
}
