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

struct HistoryRestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Write the bytes of a backup to a new file; nothing is overwritten.")

  @Argument(help: "The number of the backup, from `pawl history backups`.") var backup: Int64
  @Option(help: "The file to write; it must not exist.") var to: String
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.reading(options)
    let rows = try session.journal.backups(limit: 1_000_000)
    guard let row = rows.first(where: { $0.sequence == backup }) else {
      throw PawlError(
        .noInput, "There is no backup \(backup).", hint: "`pawl history backups` lists them.")
    }
    guard case .file(let metadata, let digest, _) = row.backup.before else {
      throw PawlError(
        .refused, "\(row.backup.path) was absent before that step; there are no bytes to restore.")
    }
    let target = GlobalOptions.absolute(to)
    let me = try ActorProbe.identity(uid: ActorProbe.actor(how: "command").uid)
    guard try session.host.state(at: target) == .absent else {
      throw PawlError(
        .cannotCreate, "\(target) exists; a backup is never written over anything.",
        hint: "Name a new file with --to.")
    }
    _ = try session.host.publish(
      at: target, metadata: nil, mode: metadata.mode & 0o777, replacing: .absent, as: me
    ) { write in
      try session.journal.readBlob(digest, chunk: write)
    }
    print("Wrote \(row.backup.path) as it was to \(target).")
  }
}
