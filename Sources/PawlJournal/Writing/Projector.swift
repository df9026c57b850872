import GRDB
import PawlModel

/// What an event does to the projections: the same rows whether they are written beside the event
/// or compared with the journal afterwards.
enum Projector {
  /// The rows that a plan begins with.
  static func creation(of record: PlanRecord, by event: EventRecord) throws -> [RowChange] {
    let frozen = record.frozen
    let actor = try CanonicalJSON.decode(Actor.self, from: event.actor)
    let number = Cell(record.id.number)
    let plan = RowChange.insert(
      .plan, key: [number],
      fixed: [
        Cell(frozen.recipe), Cell(frozen.summary), Cell(frozen.rollback), Cell(frozen.root),
        Cell(frozen.hostName), Cell(frozen.runningRelease), Cell(frozen.newRelease),
        Cell(frozen.highestRisk.rawValue), Cell(frozen.steps.count), Cell(frozen.asker.uid),
        Cell(actor.uid), Cell(event.sequence), Cell(event.stamp.wallMillis),
        Cell(event.stamp.bootID), Cell(event.stamp.bootMillis),
      ], changing: changing(record))
    let steps = record.steps.enumerated().map { position, step in
      RowChange.insert(
        .step, key: [number, Cell(step.id.name)],
        fixed: [
          Cell(position), Cell(step.frozen.label), Cell(step.frozen.action.kind),
          Cell(step.frozen.risk.rawValue), Cell(step.frozen.needsRoot ? 1 : 0),
        ], changing: changing(step))
    }
    let subjects = Subject.all(of: frozen).map { subject in
      RowChange.insert(
        .subject, key: [number, Cell(subject.kind.rawValue), Cell(subject.value)])
    }
    return [plan] + steps + subjects
  }

  /// The plan's row as the record has it now.
  static func plan(_ record: PlanRecord) -> RowChange {
    .update(.plan, key: [Cell(record.id.number)], changing: changing(record))
  }

  static func step(_ step: StepRecord, of plan: PlanID) -> RowChange {
    .update(.step, key: [Cell(plan.number), Cell(step.id.name)], changing: changing(step))
  }

  /// The rows of the steps that an event may change: its own, or all where facts were frozen anew.
  static func touched(by body: EventBody, step: StepID?, in record: PlanRecord) -> [RowChange] {
    switch body {
    case .step(let change) where change.facts != nil:
      record.steps.map { self.step($0, of: record.id) }
    case .step, .output:
      record.index(of: step).map { [self.step(record.steps[$0], of: record.id)] } ?? []
    case .planCreated, .plan, .backup, .fileChanged, .checkpoint, .tree, .trial, .control, .note:
      []
    }
  }

  /// Steps that lack a consent, and steps that are done. By index: a step is a large value, and
  /// this runs at every event.
  private static func counts(_ record: PlanRecord) -> (unapproved: Int, done: Int) {
    var counts = (unapproved: 0, done: 0)
    for index in record.steps.indices {
      switch record.steps[index].state {
      case .pending: counts.unapproved += 1
      case .failed: counts.unapproved += record.state == .failed ? 1 : 0
      case .succeeded, .skipped: counts.done += 1
      case .approved, .started, .interrupted, .stale, .undoing, .undone, .undoFailed: break
      }
    }
    return counts
  }

  private static func changing(_ record: PlanRecord) -> [Cell] {
    let counts = counts(record)
    return [
      Cell(record.state.word), Cell(record.state.waitReason?.rawValue), Cell(record.why),
      Cell(record.digest.hex), Cell(record.control?.rawValue), Cell(counts.unapproved),
      Cell(counts.done), Cell(record.updated.wallMillis), Cell(record.updated.bootID),
      Cell(record.updated.bootMillis), Cell(record.sequence),
    ]
  }

  private static func changing(_ step: StepRecord) -> [Cell] {
    [
      Cell(step.state.rawValue), Cell(step.digest.hex), Cell(step.approval?.digest.hex),
      Cell(step.attempts), Cell(step.bootID), Cell(step.why),
      Cell(step.exit.map { EndingText.write($0.ending) }), Cell(step.exit?.millis),
      Cell(step.output?.bytes), Cell(step.output?.kept),
    ]
  }
}

/// What a plan is about: modules and options by one spelling each, and the releases it knows.
public struct Subject: Hashable, Sendable {
  public enum Kind: String, Sendable, Hashable, CaseIterable { case module, option, kernel }

  public let kind: Kind
  public let value: String

  /// `vfio-pci` and `vfio_pci` are one module; `CONFIG_KVM` and `KVM` are one option.
  public init(_ kind: Kind, _ value: String) {
    self.kind = kind
    self.value =
      switch kind {
      case .module: String(value.map { $0 == "-" ? "_" : $0 })
      case .option: value.hasPrefix("CONFIG_") ? String(value.dropFirst(7)) : value
      case .kernel: value
      }
  }

  static func all(of plan: FrozenPlan) -> [Subject] {
    let kernels = [plan.runningRelease, plan.newRelease ?? ""].filter { !$0.isEmpty }
    let subjects =
      plan.modules.map { Subject(.module, $0) } + plan.options.map { Subject(.option, $0) }
      + kernels.map { Subject(.kernel, $0) }
    var seen: Set<Subject> = []
    return subjects.filter { seen.insert($0).inserted }
  }
}

/// How a program ended, as the text of a column: `exited 0`, `not-started no such file`.
enum EndingText {
  static func write(_ ending: ExitReport.Ending) -> String {
    switch ending {
    case .exited(let status): "exited \(status)"
    case .signalled(let signal): "signalled \(signal)"
    case .timedOut: "timed-out"
    case .notStarted(let why): "not-started \(why)"
    case .inProcess: "in-process"
    case .stopped: "stopped"
    }
  }

  static func read(_ text: String) -> ExitReport.Ending? {
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.count > 1 ? String(parts[1]) : ""
    switch parts.first {
    case "exited": return Int32(rest).map { .exited($0) }
    case "signalled": return Int32(rest).map { .signalled($0) }
    case "timed-out": return .timedOut
    case "not-started": return .notStarted(rest)
    case "in-process": return .inProcess
    case "stopped": return .stopped
    default: return nil
    }
  }
}
