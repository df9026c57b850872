/// The word in the journal's `kind` column. Growable: a word, once landed, never changes meaning.
public enum EventKind: String, Sendable, Hashable, CaseIterable {
  case planCreated = "plan.created"
  case plan = "plan.changed"
  case step = "step.changed"
  case backup
  case fileChanged = "file.changed"
  case checkpoint
  case tree
  case trial
  case control
  case output
  case note
}

extension EventBody {
  public var kind: EventKind {
    switch self {
    case .planCreated: .planCreated
    case .plan: .plan
    case .step: .step
    case .backup: .backup
    case .fileChanged: .fileChanged
    case .checkpoint: .checkpoint
    case .tree: .tree
    case .trial: .trial
    case .control: .control
    case .output: .output
    case .note: .note
    }
  }

  /// The `payload` column: canonical JSON of what the case carries.
  public func payload() throws(PawlError) -> [UInt8] {
    switch self {
    case .planCreated(let plan): try CanonicalJSON.encode(plan)
    case .plan(let change): try CanonicalJSON.encode(change)
    case .step(let change): try CanonicalJSON.encode(change)
    case .backup(let backup): try CanonicalJSON.encode(backup)
    case .fileChanged(let change): try CanonicalJSON.encode(change)
    case .checkpoint(let checkpoint): try CanonicalJSON.encode(checkpoint)
    case .tree(let tree): try CanonicalJSON.encode(tree)
    case .trial(let event): try CanonicalJSON.encode(event)
    case .control(let request): try CanonicalJSON.encode([request])
    case .output(let summary): try CanonicalJSON.encode(summary)
    case .note(let note): try CanonicalJSON.encode(note)
    }
  }

  /// Reads a stored event. Throws `damagedJournal` where the payload does not fit its kind.
  public init(kind: EventKind, payload: [UInt8]) throws(PawlError) {
    switch kind {
    case .planCreated:
      self = .planCreated(try CanonicalJSON.decode(FrozenPlan.self, from: payload))
    case .plan: self = .plan(try CanonicalJSON.decode(PlanChange.self, from: payload))
    case .step: self = .step(try CanonicalJSON.decode(StepChange.self, from: payload))
    case .backup: self = .backup(try CanonicalJSON.decode(Backup.self, from: payload))
    case .fileChanged:
      self = .fileChanged(try CanonicalJSON.decode(FileChange.self, from: payload))
    case .checkpoint:
      self = .checkpoint(try CanonicalJSON.decode(Checkpoint.self, from: payload))
    case .tree: self = .tree(try CanonicalJSON.decode(BuildTree.self, from: payload))
    case .trial: self = .trial(try CanonicalJSON.decode(TrialEvent.self, from: payload))
    case .control:
      let requests = try CanonicalJSON.decode([ControlRequest].self, from: payload)
      guard let request = requests.first, requests.count == 1 else {
        throw PawlError(.damagedJournal, "A control event of the journal names no request.")
      }
      self = .control(request)
    case .output: self = .output(try CanonicalJSON.decode(OutputSummary.self, from: payload))
    case .note: self = .note(try CanonicalJSON.decode(Note.self, from: payload))
    }
  }
}
