import ArgumentParser
import PawlModel

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a plan, or one step of it with its exact commands.")

  @OptionGroup var plan: PlanArgument
  @Option(help: "Only this step, in full.") var step: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let record = try Session.reading(options).plan(plan.id)
    let id = step.map { StepID($0) }
    if let id, record.step(id) == nil {
      throw PawlError(
        .usage, "Plan \(plan.id) has no step \"\(id)\".", hint: "pawl show \(plan.id) lists them.")
    }
    try Output.answer(PlanAnswer(record, only: id), json: format.json)
  }
}
