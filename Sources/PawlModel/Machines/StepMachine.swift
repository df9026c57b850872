/// Where a step stands.
public enum StepState: String, Codable, Sendable, Hashable, CaseIterable {
  /// Nobody has consented to its present digest.
  case pending
  case approved
  /// Its intent is durable; its outcome is not known.
  case started
  case succeeded
  case failed
  /// Found in flight after a crash. Unknown is not failed.
  case interrupted
  /// Its check found the effect there already; undo leaves it alone.
  case skipped
  /// It succeeded or was skipped, but its effect died with the boot.
  case stale
  case undoing
  case undone
  case undoFailed = "undo-failed"
}

public enum StepEvent: String, Codable, Sendable, Hashable, CaseIterable {
  case approve
  /// A frozen fact no longer holds: the approval is gone.
  case revoke
  case skip
  case start
  case succeed
  case fail
  case interrupt
  /// Proven done, by its check or by a person who looked: an attempt of its own did it.
  case prove
  case goStale = "go-stale"
  case beginUndo = "begin-undo"
  case finishUndo = "finish-undo"
  case failUndo = "fail-undo"
}

/// What the engine does once the transition is durable, never before.
public enum StepAction: String, Sendable, Hashable, CaseIterable {
  case nothing
  case perform
  case undo
  /// Ask a person: an approval is missing, or what was found needs a decision.
  case ask
}

/// The machine of DESIGN.md. Pure: the same rules stand as CHECKs and triggers in the schema.
public enum StepMachine {
  /// nil where the event is refused in that state.
  public static func next(
    _ state: StepState, _ event: StepEvent
  ) -> (state: StepState, action: StepAction)? {
    switch event {
    case .approve: approve(state)
    case .revoke: state == .approved ? (.pending, .ask) : nil
    case .skip: state == .approved || state == .stale ? (.skipped, .nothing) : nil
    case .start: start(state)
    case .succeed: state == .started ? (.succeeded, .nothing) : nil
    case .fail: state == .started ? (.failed, .ask) : nil
    case .interrupt: state == .started ? (.interrupted, .nothing) : nil
    case .prove: prove(state)
    case .goStale: state == .succeeded || state == .skipped ? (.stale, .nothing) : nil
    case .beginUndo: beginUndo(state)
    case .finishUndo: state == .undoing ? (.undone, .nothing) : nil
    case .failUndo: state == .undoing ? (.undoFailed, .ask) : nil
    }
  }

  private static func approve(_ state: StepState) -> (StepState, StepAction)? {
    switch state {
    case .pending, .failed, .interrupted, .stale: (.approved, .nothing)
    case .approved, .started, .succeeded, .skipped, .undoing, .undone, .undoFailed: nil
    }
  }

  private static func start(_ state: StepState) -> (StepState, StepAction)? {
    switch state {
    case .approved, .interrupted, .stale: (.started, .perform)
    case .pending, .started, .succeeded, .failed, .skipped, .undoing, .undone, .undoFailed: nil
    }
  }

  private static func prove(_ state: StepState) -> (StepState, StepAction)? {
    switch state {
    case .approved, .interrupted, .stale: (.succeeded, .nothing)
    case .pending, .started, .succeeded, .failed, .skipped, .undoing, .undone,
      .undoFailed:
      nil
    }
  }

  private static func beginUndo(_ state: StepState) -> (StepState, StepAction)? {
    switch state {
    // Pending or approved once more: an earlier attempt may have left something.
    case .pending, .approved, .succeeded, .failed, .interrupted, .stale, .undoing, .undoFailed:
      (.undoing, .undo)
    case .started, .skipped, .undone: nil
    }
  }
}
