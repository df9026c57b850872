import PawlHost
import PawlJournal
import PawlModel

/// Runs the programs of a step, each with the plan's frozen environment, the step's identity and
/// the token of its attempt.
struct Programs {
  let context: RunnerContext
  let plan: PlanRecord
  let step: StepRecord

  var token: String { step.attemptToken(plan: plan.id, journal: context.journal.journalID) }

  static func spoolPath(
    _ context: RunnerContext, plan: PlanID, step: StepRecord, purpose: String
  ) -> String {
    "\(context.spoolFolder)/\(plan)-\(step.id)-\(step.attempts)-\(purpose).out"
  }

  func run(
    _ command: Command, timeoutSeconds: Int, purpose: String, background: Bool = false,
    watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ExitReport {
    var environment = plan.frozen.environment
    environment["HOME"] = step.frozen.runsAs.home
    environment["USER"] = step.frozen.runsAs.name
    environment.merge(command.environment) { _, own in own }
    environment["PAWL_ATTEMPT"] = token
    let spool = Programs.spoolPath(context, plan: plan.id, step: step, purpose: purpose)
    let request = ProcessRequest(
      argv: command.argv, directory: command.directory ?? "/", environment: environment,
      identity: step.frozen.runsAs, timeoutSeconds: timeoutSeconds, token: token, spool: spool,
      background: background)
    let report = try context.host.run(request, watch: watch)
    context.host.removeSpool(spool)
    return report
  }
}
