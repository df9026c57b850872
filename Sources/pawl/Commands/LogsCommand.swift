import ArgumentParser
import Foundation
import Glibc
import PawlJournal
import PawlModel

struct LogsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "What the steps of a plan printed.")

  @OptionGroup var plan: PlanArgument
  @Option(help: "Only this step.") var step: String?
  @Flag(name: [.short, .customLong("follow")], help: "Go on printing while the plan runs.")
  var follow = false
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.reading(options)
    let steps = try session.plan(plan.id).steps.map(\.id)
    if let step, !steps.contains(StepID(step)) {
      throw PawlError(
        .usage, "Plan \(plan.id) has no step \"\(step)\".", hint: "pawl show \(plan.id) lists them."
      )
    }
    var printer = OutputPrinter(session: session, plan: plan.id, only: step.map { StepID($0) })
    repeat {
      let settled = try session.plan(plan.id).state.isSettled || session.runnerPID == nil
      try printer.printNew()
      if settled {
        printer.tellWhatIsMissing(try session.plan(plan.id))
        return
      }
      if follow { usleep(200_000) }
    } while follow
  }
}

/// Prints what has come since the last time, attempt by attempt.
private struct OutputPrinter {
  let session: Session
  let plan: PlanID
  let only: StepID?
  private var printed: [String: Int64] = [:]
  private var lastHeading: String?

  init(session: Session, plan: PlanID, only: StepID?) {
    self.session = session
    self.plan = plan
    self.only = only
  }

  /// On standard error: it is nothing that a program printed.
  func tellWhatIsMissing(_ plan: PlanRecord) {
    for step in plan.steps where only == nil || step.id == only {
      if let cut = step.output?.cut { Output.progress("[pawl: \(step.id): \(cut)]") }
    }
  }

  mutating func printNew() throws {
    let order = Dictionary(
      try session.plan(plan).steps.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { $1 })
    let sizes = try session.journal.outputSizes(of: plan).sorted {
      (order[$0.step] ?? 0, $0.attempt) < (order[$1.step] ?? 0, $1.attempt)
    }
    for size in sizes where only == nil || size.step == only {
      let key = "\(size.step) attempt \(size.attempt)"
      let start = printed[key] ?? 0
      guard size.raw > start else { continue }
      if lastHeading != key { write(Array("== \(key)\n".utf8)) }
      lastHeading = key
      printed[key] = try session.journal.output(
        of: plan, step: size.step, attempt: size.attempt, from: start
      ) { write($0.bytes) }
    }
  }

  /// To a terminal, control bytes of compilers and file names are shown, not sent.
  private func write(_ bytes: [UInt8]) {
    guard isatty(STDOUT_FILENO) == 1 else {
      Output.write(bytes, to: .standardOutput)
      return
    }
    var shown: [UInt8] = []
    for byte in bytes {
      let isText = byte >= 32 && byte != 127 || byte == 10 || byte == 9
      if isText { shown.append(byte) } else { shown += Array("\\x\(String(byte, radix: 16))".utf8) }
    }
    Output.write(shown, to: .standardOutput)
  }
}
