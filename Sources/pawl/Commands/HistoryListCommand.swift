import ArgumentParser
import Foundation
import PawlJournal
import PawlModel

struct HistoryListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Plans, newest first.")

  @Option(help: "Plans that ran under or install this kernel release.") var kernel: String?
  @Option(help: "Plans about this module.") var module: String?
  @Option(help: "Plans about this kernel option.") var option: String?
  @Option(help: "Plans of this recipe.") var recipe: String?
  @Option(help: "Plans in this state: succeeded, failed, rolled-back, …") var result: String?
  @Option(help: "Plans made on or after this day or instant (2026-11-23, 2026-11-23T14:00:00Z).")
  var since: String?
  @Option(help: "Plans made before this day or instant.") var until: String?
  @Option(help: "At most this many.") var limit = 50
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard (1...100_000).contains(limit) else {
      throw ValidationError("--limit takes a number from 1 to 100000.")
    }
    if let result, !PlanState.allCases.contains(where: { $0.word == result }) {
      let words = Set(PlanState.allCases.map(\.word)).sorted().joined(separator: ", ")
      throw ValidationError("--result takes one of: \(words).")
    }
  }

  func run() throws {
    let filter = PlanFilter(
      kernel: kernel, module: module, option: option, recipe: recipe, result: result,
      since: try Instant.millis(since), until: try Instant.millis(until), limit: limit)
    let plans = try Session.reading(options).journal.plans(filter)
    try Output.answer(
      HistoryListAnswer(plans: plans.map(HistoryListAnswer.Row.init)), json: format.json)
  }
}

struct HistoryListAnswer: Answer {
  static let schema = "pawl.history/1"

  struct Row: Encodable {
    var plan: Int64
    var recipe: String
    var state: String
    var waitingFor: String?
    var created: String
    var host: String
    var kernel: String
    var newRelease: String?
    var risk: String
    var askerUID: UInt32

    enum CodingKeys: String, CodingKey {
      case plan, recipe, state, created, host, kernel, risk
      case waitingFor = "waiting_for"
      case newRelease = "new_release"
      case askerUID = "asker_uid"
    }

    init(_ summary: PlanSummary) {
      plan = summary.id.number
      recipe = summary.recipe
      state = summary.state.word
      waitingFor = summary.state.waitReason?.rawValue
      created = Instant.text(summary.created.wallMillis)
      host = summary.host
      kernel = summary.runningRelease
      newRelease = summary.newRelease
      risk = summary.risk.rawValue
      askerUID = summary.askerUID
    }
  }

  var plans: [Row]

  var text: String {
    guard !plans.isEmpty else { return "No plan fits." }
    let lines = plans.map { row in
      "\(PlanText.pad(String(row.plan), to: 5, right: true))  \(row.created)  "
        + "\(PlanText.pad(row.recipe, to: 16))  \(PlanText.pad(row.newRelease ?? row.kernel, to: 24))  "
        + "\(PlanText.pad(row.state, to: 15))  uid \(row.askerUID)"
    }
    let head =
      "   ID  When                  Recipe            Kernel                    Result           By"
    return ([head] + lines).joined(separator: "\n")
  }
}
