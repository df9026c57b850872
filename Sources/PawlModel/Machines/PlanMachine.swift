/// What a plan waits for.
public enum WaitReason: String, Codable, Sendable, Hashable, CaseIterable {
  case approval, reboot, trial, resources, person
}

/// Where a plan stands.
public enum PlanState: Codable, Sendable, Hashable {
  case planned
  case running
  case waiting(WaitReason)
  case succeeded
  case failed
  case rollingBack
  case rolledBack
  case rollbackFailed
  case abandoned

  public static let allCases: [PlanState] =
    [.planned, .running] + WaitReason.allCases.map { .waiting($0) }
    + [.succeeded, .failed, .rollingBack, .rolledBack, .rollbackFailed, .abandoned]

  /// The word in the journal, in JSON and on screen. A wait's reason stands beside it.
  public var word: String {
    switch self {
    case .planned: "planned"
    case .running: "running"
    case .waiting: "waiting"
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .rollingBack: "rolling-back"
    case .rolledBack: "rolled-back"
    case .rollbackFailed: "rollback-failed"
    case .abandoned: "abandoned"
    }
  }

  public var waitReason: WaitReason? {
    switch self {
    case .waiting(let reason): reason
    case .planned, .running, .succeeded, .failed, .rollingBack, .rolledBack, .rollbackFailed,
      .abandoned:
      nil
    }
  }

  public init?(word: String, reason: WaitReason?) {
    let found = PlanState.allCases.first { $0.word == word && $0.waitReason == reason }
    guard let found else { return nil }
    self = found
  }

  /// Nothing more will happen unless a person asks for something new.
  public var isSettled: Bool {
    switch self {
    case .succeeded, .failed, .rolledBack, .rollbackFailed, .abandoned: true
    case .planned, .running, .waiting, .rollingBack: false
    }
  }
}

public enum PlanEvent: Codable, Sendable, Hashable {
  case run
  case wait(WaitReason)
  case succeed
  case fail
  case beginRollback
  case finishRollback
  case failRollback
  case abandon

  public static let allCases: [PlanEvent] =
    [.run] + WaitReason.allCases.map { .wait($0) }
    + [.succeed, .fail, .beginRollback, .finishRollback, .failRollback, .abandon]
}

/// What the engine does once the transition is durable.
public enum PlanAction: String, Sendable, Hashable, CaseIterable {
  /// Go on with the steps.
  case advance
  /// Undo the steps, last first.
  case undoSteps
  /// Stop, and tell the person where the plan stands.
  case stop
}

public enum PlanMachine {
  /// nil where the event is refused in that state.
  public static func next(
    _ state: PlanState, _ event: PlanEvent
  ) -> (state: PlanState, action: PlanAction)? {
    switch event {
    case .run: run(state)
    case .wait(let reason): wait(state, reason)
    case .succeed: state == .running ? (.succeeded, .stop) : nil
    case .fail: state == .running ? (.failed, .stop) : nil
    case .beginRollback: beginRollback(state)
    case .finishRollback: state == .rollingBack ? (.rolledBack, .stop) : nil
    case .failRollback: state == .rollingBack ? (.rollbackFailed, .stop) : nil
    case .abandon: abandon(state)
    }
  }

  private static func run(_ state: PlanState) -> (PlanState, PlanAction)? {
    switch state {
    case .planned, .waiting, .failed: (.running, .advance)
    case .running, .succeeded, .rollingBack, .rolledBack, .rollbackFailed, .abandoned: nil
    }
  }

  private static func wait(
    _ state: PlanState, _ reason: WaitReason
  ) -> (PlanState, PlanAction)? {
    switch state {
    case .running: (.waiting(reason), .stop)
    case .rollingBack: reason == .person ? (.waiting(.person), .stop) : nil
    case .planned, .waiting, .succeeded, .failed, .rolledBack, .rollbackFailed, .abandoned: nil
    }
  }

  private static func beginRollback(_ state: PlanState) -> (PlanState, PlanAction)? {
    switch state {
    case .failed, .waiting, .succeeded, .rollbackFailed: (.rollingBack, .undoSteps)
    case .planned, .running, .rollingBack, .rolledBack, .abandoned: nil
    }
  }

  private static func abandon(_ state: PlanState) -> (PlanState, PlanAction)? {
    switch state {
    case .planned, .waiting, .failed: (.abandoned, .stop)
    case .running, .succeeded, .rollingBack, .rolledBack, .rollbackFailed, .abandoned: nil
    }
  }
}
