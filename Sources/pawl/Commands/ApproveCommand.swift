import ArgumentParser
import PawlModel

struct ApproveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Consent to steps of a plan, one by one.")

  @OptionGroup var plan: PlanArgument
  @Option(help: "The step; with --digest, once for each.") var step: [String] = []
  @Option(help: "The digest of that step, in full, as `pawl show` gives it.") var digest: [String] =
    []
  @Option(help: "The name of this host: what a step of high risk needs beside its digest.")
  var host: String?
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard step.count == digest.count else {
      throw ValidationError("Give as many --digest as --step.")
    }
  }

  func run() throws {
    let session = try Session.writing(options)
    let approving = Approving(session: session)
    if step.isEmpty {
      guard let terminal = Terminal() else { throw Approving.missing(try session.plan(plan.id)) }
      defer { terminal.close() }
      try approving.ask(plan.id, on: terminal)
    }
    try approving.give(
      zip(step, digest).map { (StepID($0), $1) }, plan: try session.plan(plan.id), host: host)
    let missing = try session.plan(plan.id).unapproved.count
    print(
      missing == 0
        ? "Every step of plan \(plan.id) is approved." : "\(missing) steps are not approved yet.")
  }
}
