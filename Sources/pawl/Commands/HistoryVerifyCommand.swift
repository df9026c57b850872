import ArgumentParser
import PawlJournal
import PawlModel

struct HistoryExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Events as lines of JSON, for other programs.")

  @Option(help: "Of this plan only.") var plan: Int64?
  @Flag(help: "Accepted for symmetry; the answer is JSON lines in any case.") var json = false
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let journal = try Session.reading(options).journal
    try journal.export(of: plan.map { PlanID($0) }) { line in print(line, terminator: "") }
  }
}

struct HistoryVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every event, projection and stored byte. Exit 65 where anything is wrong.")

  @Option(
    help: ArgumentHelp("A head that was kept elsewhere.", valueName: "seq:hash"))
  var head: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.reading(options)
    let report = try JournalVerifier(session.journal).verify(head: try expectedHead())
    let answer = VerifyAnswer(
      intact: report.isSound, events: report.events, head: report.head?.description,
      findings: report.findings.map { .init(kind: $0.kind.rawValue, message: $0.message) })
    try Output.answer(answer, json: format.json)
    if !answer.intact { throw ExitCode(65) }
  }

  private func expectedHead() throws -> JournalHead? {
    guard let head else { return nil }
    guard let parsed = JournalHead(head) else {
      throw PawlError(
        .usage, "\"\(head)\" is no head.", hint: "Write SEQ:HASH, as `history verify` prints it.")
    }
    return parsed
  }
}

struct VerifyAnswer: Answer {
  static let schema = "pawl.history.verify/1"

  struct Finding: Encodable {
    var kind: String
    var message: String
  }

  var intact: Bool
  var events: Int
  var head: String?
  var findings: [Finding]

  var text: String {
    guard intact else {
      return findings.map { "damaged: \($0.message)" }.joined(separator: "\n")
        + "\nNext: keep a copy of the journal as it is; the events before the damage can be trusted."
    }
    return "\(events) events, chain and projections intact. Head \(head ?? "none")"
  }
}
