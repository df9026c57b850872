import ArgumentParser
import Glibc
import PawlEngine
import PawlModel

struct PauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Stop a plan at the next safe point; `pawl resume` goes on.")

  @OptionGroup var plan: PlanArgument
  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Control(session: try Session.writing(options)).request(.pause, of: plan.id)
  }
}

struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Stop a plan at the next safe point, and end it where it has done nothing yet.")

  @Flag(help: "End it for good and leave in place what it has done.") var keep = false
  @OptionGroup var plan: PlanArgument
  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Control(session: try Session.writing(options)).request(
      keep ? .abandon : .cancel, of: plan.id)
  }
}

struct RollbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Undo a plan, last step first; journaled and resumable.")

  @OptionGroup var plan: PlanArgument
  @Option(help: "The digest of the plan, in full: the consent where there is no terminal.")
  var digest: String?
  @Option(help: "The name of this host: needed beside --digest where a step is of high risk.")
  var host: String?
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.writing(options)
    let record = try session.plan(plan.id)
    try RollbackConsent(plan: record).obtain(digest: digest, host: host)
    try session.append([Entry(plan: plan.id, .control(.rollback))], how: "command")
    Glibc.exit(try RunnerProcess(session: session).runAndWatch(plan.id))
  }
}

struct ResolveCommand: ParsableCommand {
  enum Settlement: String, ExpressibleByArgument, CaseIterable { case done, retry, undo }

  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Settle an interrupted step that waits for a person.")

  @OptionGroup var plan: PlanArgument
  @Option(help: "The step that waits.") var step: String
  @Argument(help: "done: you looked, it is done. retry: do it again. undo: roll the plan back.")
  var settlement: Settlement
  @Option(help: "Without a terminal: the digest of the step with retry, of the plan with undo.")
  var digest: String?
  @Option(help: "Beside --digest, where a step of high risk is concerned: the name of this host.")
  var host: String?
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.writing(options)
    let record = try session.plan(plan.id)
    let id = StepID(step)
    guard let found = record.step(id), found.state == .interrupted else {
      throw PawlError(
        .refused, "Step \"\(id)\" of plan \(plan.id) does not wait to be settled.",
        hint: "pawl show \(plan.id) lists the steps and their states.")
    }
    switch settlement {
    case .done:
      let change = StepChange(.prove, why: "A person looked and found it done.")
      let proof = try Confirmation(context: session.context(how: "command"), plan: record)
        .entries(for: id)
      try session.append(
        proof + [Entry(plan: plan.id, step: id, .step(change))], how: "command")
    case .retry: try approveAgain(found, of: record, session: session)
    case .undo:
      try RollbackConsent(plan: record).obtain(
        digest: digest, host: host, by: "pawl resolve \(plan.id) --step \(id) undo")
      try session.append([Entry(plan: plan.id, .control(.rollback))], how: "command")
    }
    print("Next: pawl resume \(plan.id)")
  }

  private func approveAgain(
    _ step: StepRecord, of plan: PlanRecord, session: Session
  ) throws {
    let approving = Approving(session: session)
    if let digest {
      try approving.give([(step.id, digest)], plan: plan, host: host)
      return
    }
    guard let terminal = Terminal() else {
      throw PawlError(
        .notApproved, "Doing step \"\(step.id)\" again needs a new approval.",
        hint: "Add --digest \(step.digest)")
    }
    defer { terminal.close() }
    try approving.ask(step, of: plan, on: terminal)
  }
}
