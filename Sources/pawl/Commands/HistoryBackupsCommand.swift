import ArgumentParser
import Foundation
import PawlHost
import PawlJournal
import PawlModel

struct HistoryBackupsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backups", abstract: "Files as they were before a step changed them.")

  @Option(help: "Of this plan only.") var plan: Int64?
  @Option(help: "Of this path only.") var path: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let rows = try Session.reading(options).journal.backups(
      of: plan.map { PlanID($0) }, path: path)
    try Output.answer(BackupsAnswer(backups: rows.map(BackupsAnswer.Row.init)), json: format.json)
  }
}

struct BackupsAnswer: Answer {
  static let schema = "pawl.history.backups/1"

  struct Row: Encodable {
    var backup: Int64
    var plan: Int64
    var step: String
    var path: String
    var at: String
    var sha256: String?
    var bytes: Int64?

    init(_ row: BackupRow) {
      backup = row.sequence
      plan = row.plan.number
      step = row.step.name
      path = row.backup.path
      at = Instant.text(row.wallMillis)
      sha256 = row.backup.before.digest?.hex
      bytes = row.backup.before.size
    }
  }

  var backups: [Row]

  var text: String {
    guard !backups.isEmpty else { return "No backups fit." }
    return backups.map { row in
      "\(PlanText.pad(String(row.backup), to: 6, right: true))  \(row.at)  plan \(row.plan)  "
        + "\(row.path)  "
        + (row.sha256.map { "\(row.bytes ?? 0) bytes  \($0.prefix(12))" } ?? "was absent")
    }.joined(separator: "\n")
  }
}
