import ArgumentParser
import Glibc
import PawlEngine
import PawlJournal
import PawlModel

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Watch the plan that is running; Ctrl-C only leaves the view.")

  @Argument(help: "The number of the plan; without it, the one that matters now.")
  var plan: Int64?
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.reading(options)
    guard let number = try plan ?? session.journal.statusPlan()?.id.number else {
      throw PawlError(.noInput, "There is no plan to watch.", hint: "pawl plan RECIPE makes one.")
    }
    let record = try session.plan(PlanID(number))
    Progress.lines(from: nil, to: record).forEach(Output.progress)
    Glibc.exit(try Watcher(session: session).watch(record.id, from: record, runner: nil))
  }
}
