import PawlHost
import PawlModel

/// One of the eleven promises, watched while a run goes on. A watcher sees the world as it is,
/// below every mutant, and remembers what it needs.
protocol Watcher: AnyObject {
  /// A program of the recipe is about to be started.
  func programStarts(_ request: ProcessRequest, in world: World)
  /// A file is about to change, whoever does it.
  func fileWillChange(_ deed: FileDeed, in world: World)
  /// Pawl is about to act on a path with these permissions.
  func fileIsTouched(_ path: String, as identity: Identity, in world: World)
  /// An event has just become durable.
  func committed(_ commit: Commit, in world: World)
  func outputGrew(_ key: EventLog.OutputKey, to bytes: Int64, in world: World)
  /// The runner is gone, and whatever went with it.
  func survived(_ crash: CrashKind, in world: World)
  /// Nobody will do anything more.
  func ended(_ world: World)
}

extension Watcher {
  func programStarts(_ request: ProcessRequest, in world: World) {}
  func fileWillChange(_ deed: FileDeed, in world: World) {}
  func fileIsTouched(_ path: String, as identity: Identity, in world: World) {}
  func committed(_ commit: Commit, in world: World) {}
  func outputGrew(_ key: EventLog.OutputKey, to bytes: Int64, in world: World) {}
  func survived(_ crash: CrashKind, in world: World) {}
  func ended(_ world: World) {}
}

struct FileDeed {
  var path: String
  var before: SimulatedDisk.Node?
  var after: SimulatedDisk.Node?
  var author: Author
}

/// One durable event, with the plan before and after it.
struct Commit {
  var entry: Entry
  var before: PlanRecord
  var after: PlanRecord
  var actor: Actor

  var isByRunner: Bool { actor.how == "runner" }

  var change: StepChange? {
    if case .step(let change) = entry.body { change } else { nil }
  }

  /// The step of the event as it stands after it.
  var step: StepRecord? { entry.step.flatMap { after.step($0) } }
  var stepBefore: StepRecord? { entry.step.flatMap { before.step($0) } }

  var line: String {
    let who = actor.how == "runner" ? "" : " (\(actor.how))"
    let sequence = "\(after.sequence)".padded(to: 4)
    let what: String =
      switch entry.body {
      case .step(let change):
        "\(change.event.rawValue) -> \(step?.state.rawValue ?? "?") \(change.why ?? "")"
      case .plan(let change): "plan \(change.event) -> \(after.state) \(change.why ?? "")"
      case .backup(let backup): "backup of \(backup.path), \(backup.before.word)"
      case .fileChanged(let change): "left \(change.path), \(change.after.word)"
      case .control(let request): "asked: \(request)"
      case .note(let note): "note \(note.topic)"
      case .output(let summary): "output \(summary.bytes) bytes, \(summary.kept) kept"
      case .tree(let tree): "tree \(tree.folder)"
      case .trial(let event): "trial \(event)"
      case .checkpoint(let checkpoint): "checkpoint \(checkpoint.done)"
      case .planCreated: "created"
      }
    return "\(sequence) \(entry.step?.name ?? "-"): \(what)\(who)"
  }
}

extension FileState {
  var word: String {
    switch self {
    case .absent: "absent"
    case .file(let metadata, let digest, _):
      "\(digest.short) \(String(metadata.mode, radix: 8))"
    case .other(let kind): kind
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}

/// The promises in a sentence each.
public enum Invariant {
  public static func sentence(of number: Int) -> String {
    sentences.indices.contains(number - 1) ? sentences[number - 1] : "no such invariant"
  }

  public static let count = sentences.count

  private static let sentences = [
    "nothing happens unrecorded, and nothing recorded is a lie",
    "nothing happens unapproved",
    "nothing is destroyed",
    "unknown is not failed, and not done",
    "there is always a way back",
    "a reboot is proven, not assumed",
    "no loops",
    "history is append-only and verifiable",
    "an old plan outlives an upgrade",
    "root trusts nobody's files, and children get a frozen environment",
    "everything is bounded",
  ]
}

extension World {
  func makeWatchers() -> [any Watcher] {
    [
      RecordedWatcher(), ApprovedWatcher(), KeptWatcher(), GeneratedWatcher(), UnknownWatcher(),
      WayBackWatcher(), MenuWatcher(),
      RebootWatcher(), LoopWatcher(), HistoryWatcher(), FrozenWatcher(), IdentityWatcher(),
      BoundsWatcher(),
    ]
  }
}
