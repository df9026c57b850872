import ArgumentParser
import PawlHost
import PawlJournal
import PawlModel

struct HistoryRestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Write a backup to a new file, with owner, mode, time and attributes as it had them.",
    discussion: "Nothing is overwritten. What this user may not give (another owner) is named.")

  @Argument(help: "The number of the backup, from `pawl history backups`.") var backup: Int64
  @Option(help: "The file to write; it must not exist.") var to: String
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.reading(options)
    let row = try row(session)
    guard case .file(let metadata, let digest, let size) = row.backup.before else {
      throw PawlError(
        .refused, "\(row.backup.path) was absent before that step; there are no bytes to restore.")
    }
    let target = GlobalOptions.absolute(to)
    let me = try ActorProbe.identity(uid: ActorProbe.actor(how: "command").uid)
    let missing = try session.host.bringBack(at: target, like: metadata, as: me) { write in
      try session.journal.readBlob(digest, chunk: write)
    }
    try Output.answer(
      RestoreAnswer(
        backup: backup, path: row.backup.path, to: target, bytes: size,
        notGiven: missing.map { .init(what: $0.what, why: $0.why) }), json: format.json)
  }

  private func row(_ session: Session) throws -> BackupRow {
    guard let row = try session.journal.backups(sequence: backup).first else {
      throw PawlError(
        .noInput, "There is no backup \(backup).", hint: "`pawl history backups` lists them.")
    }
    return row
  }
}

struct RestoreAnswer: Answer {
  static let schema = "pawl.history.restore/1"

  struct Missing: Encodable {
    var what: String
    var why: String
  }

  var backup: Int64
  var path: String
  var to: String
  var bytes: Int64
  var notGiven: [Missing]

  enum CodingKeys: String, CodingKey {
    case backup, path, to, bytes
    case notGiven = "not_given"
  }

  var text: String {
    let head = "Wrote \(path) as it was to \(to): \(bytes) bytes."
    return ([head] + notGiven.map { "Not given back: \($0.what); \($0.why)." })
      .joined(separator: "\n")
  }
}
