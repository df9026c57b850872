import ArgumentParser
import Glibc
import PawlEngine
import PawlModel

struct ConfirmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm", abstract: "End a trial: the new kernel is good and stays.")

  @OptionGroup var plan: PlanArgument
  @OptionGroup var options: GlobalOptions

  func run() throws {
    try TrialVerdict(options: options, plan: plan.id).give(.confirmed)
  }
}

struct RejectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject",
    abstract: "End a trial: go back to the old kernel and undo the plan, as was approved.")

  @OptionGroup var plan: PlanArgument
  @OptionGroup var options: GlobalOptions

  func run() throws {
    try TrialVerdict(options: options, plan: plan.id).give(.rejected)
  }
}

/// A person's word on a kernel that is on trial. What survives a power cut: the word, once it was
/// taken; the runner or the boot hook acts on it.
struct TrialVerdict {
  let options: GlobalOptions
  let plan: PlanID

  func give(_ judgement: TrialJudgement) throws {
    let session = try Session.writing(options)
    let record = try session.plan(plan)
    guard let step = record.steps.first(where: \.isOnTrial), record.state == .waiting(.trial) else {
      throw PawlError(
        .refused, "Plan \(plan) is \(record.state.inWords); no kernel of it is on trial.",
        hint: "pawl status shows where it stands.")
    }
    try session.append(
      [Entry(plan: plan, step: step.id, .trial(.judged(judgement)))], how: "command")
    Glibc.exit(try RunnerProcess(session: session).runAndWatch(plan))
  }
}
