import ArgumentParser
import PawlEngine
import PawlJournal
import PawlModel

struct HistoryShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "One plan with every step, approval, duration, output size and backup.")

  @Flag(help: "All that is kept of a boot that was lost, not only its last lines.")
  var evidence = false
  @OptionGroup var plan: PlanArgument
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session.reading(options)
    let record = try session.plan(plan.id)
    let answer = HistoryShowAnswer(
      record: record, approvals: try session.journal.approvals(of: plan.id),
      attempts: try session.journal.attempts(of: plan.id),
      outputs: try session.journal.outputSizes(of: plan.id),
      backups: try session.journal.backups(of: plan.id),
      notes: try notes(session), trials: try TrialRows(session, record, whole: evidence).rows)
    try Output.answer(answer, json: format.json)
  }

  private func notes(_ session: Session) throws -> [HistoryShowAnswer.NoteRow] {
    var notes: [HistoryShowAnswer.NoteRow] = []
    try session.journal.events(of: plan.id) { event in
      guard event.kind == EventKind.note.rawValue, case .note(let note) = try event.body() else {
        return true
      }
      notes.append(
        .init(
          at: Instant.text(event.stamp.wallMillis), step: event.step?.name, topic: note.topic,
          text: note.text))
      return notes.count < 1000
    }
    return notes
  }
}

struct HistoryShowAnswer: Answer {
  static let schema = "pawl.history.plan/1"

  struct ApprovalAnswer: Encodable {
    var step: String
    var at: String
    var given: String
    var digest: String
    var by: Actor
  }

  struct AttemptAnswer: Encodable {
    var step: String
    var number: Int
    var undo: Bool
    var started: String
    var boot: String
    var outcome: String?
    var millis: Int64?
    var outputBytes: Int64?
  }

  struct BackupAnswer: Encodable {
    var step: String
    var path: String
    var sha256: String?
    var bytes: Int64?
    var sequence: Int64
  }

  struct NoteRow: Encodable {
    var at: String
    var step: String?
    var topic: String
    var text: String
  }

  var plan: PlanAnswer
  var approvals: [ApprovalAnswer]
  var attempts: [AttemptAnswer]
  var backups: [BackupAnswer]
  var notes: [NoteRow]
  var trials: [TrialRow]
  private let record: PlanRecord

  enum CodingKeys: String, CodingKey { case plan, approvals, attempts, backups, notes, trials }

  init(
    record: PlanRecord, approvals: [ApprovalRow], attempts: [AttemptSummary],
    outputs: [OutputSize], backups: [BackupRow], notes: [NoteRow], trials: [TrialRow]
  ) {
    self.record = record
    plan = PlanAnswer(record)
    self.approvals = approvals.map {
      ApprovalAnswer(
        step: $0.step.name, at: Instant.text($0.at.wallMillis), given: $0.given,
        digest: $0.digest.hex, by: $0.actor)
    }
    self.attempts = attempts.map { attempt in
      AttemptAnswer(
        step: attempt.step.name, number: attempt.number, undo: attempt.isUndo,
        started: Instant.text(attempt.started.wallMillis), boot: attempt.started.bootID,
        outcome: attempt.outcome?.rawValue, millis: attempt.exit?.millis,
        outputBytes: outputs.first { $0.step == attempt.step && $0.attempt == attempt.number }?.raw)
    }
    self.backups = backups.reversed().map { row in
      BackupAnswer(
        step: row.step.name, path: row.backup.path, sha256: row.backup.before.digest?.hex,
        bytes: row.backup.before.size, sequence: row.sequence)
    }
    self.notes = notes
    self.trials = trials
  }

  var text: String {
    var lines = PlanText.header(record) + ["  Asked by uid \(record.frozen.asker.uid)", ""]
    for step in record.steps { lines += stepLines(step) + trialLines(step) }
    if !notes.isEmpty { lines += ["", "Notes"] }
    lines += notes.map { "  \($0.at)  \($0.step ?? "plan")  \(StepWording.printable($0.text))" }
    return lines.joined(separator: "\n")
  }

  private func trialLines(_ step: StepRecord) -> [String] {
    trials.filter { $0.step == step.id.name }.flatMap { row in
      ["    trial  \(row.at)"] + row.sentences.map { "      \($0)" }
        + row.evidence.map { "      \($0)" }
    }
  }

  private func stepLines(_ step: StepRecord) -> [String] {
    let name = step.id.name
    var lines = [
      "\(PlanText.pad(name, to: 20))  \(step.frozen.risk.word)  \(step.state.rawValue)"
    ]
    lines += approvals.filter { $0.step == name }.map { approval in
      "    approved \(approval.at) by uid \(approval.by.uid) (\(approval.given)"
        + (approval.by.tty.map { ", \($0)" } ?? "") + ")"
    }
    lines += attempts.filter { $0.step == name }.map { attempt in
      let kind = attempt.undo ? "undo" : "attempt"
      let outcome = attempt.outcome ?? "in flight"
      return "    \(kind) \(attempt.number)  \(attempt.started)  \(outcome)"
        + (attempt.millis.map { "  \(Progress.duration($0))" } ?? "")
        + (attempt.outputBytes.map { "  \($0) bytes of output" } ?? "")
    }
    lines += backups.filter { $0.step == name }.map { backup in
      "    backup \(backup.path)  "
        + (backup.sha256.map { "\(backup.bytes ?? 0) bytes, SHA-256 \($0.prefix(12))" }
          ?? "was absent")
    }
    if let cut = step.output?.cut { lines.append("    of its output, \(cut)") }
    if let why = step.why { lines.append("    \(StepWording.printable(why))") }
    return lines
  }
}

extension FileState {
  var size: Int64? {
    switch self {
    case .file(_, _, let size): size
    case .absent, .other: nil
    }
  }
}
