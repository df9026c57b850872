import PawlModel

extension PlanState {
  /// What `run` and `resume` exit with once the plan goes no further by itself.
  public var exitStatus: Int32 {
    switch self {
    case .succeeded: 0
    case .failed: 1
    case .planned, .waiting(.approval): 3
    case .rolledBack: 4
    case .running, .rollingBack, .waiting(.person), .waiting(.resources), .rollbackFailed: 5
    case .abandoned: 6
    case .waiting(.trial): 7
    case .waiting(.reboot): 102
    }
  }
}

/// The one thing to do next, in words: `status` always ends with it.
public struct NextAdvice: Sendable, Hashable {
  public let sentence: String

  public init(plan: PlanRecord, runnerIsAlive: Bool) {
    self.init(
      plan.state, plan: plan.id, missing: !plan.unapproved.isEmpty,
      firstUnfinished: plan.firstUnfinished?.id,
      interrupted: plan.stepToResolve?.id,
      lasting: plan.lastingSteps, made: plan.made, runnerIsAlive: runnerIsAlive)
  }

  /// `missing`: some step lacks an approval. `interrupted`: a step that waits to be settled. `lasting`: steps
  /// whose effect a rollback leaves. `made`: folders in which the plan's work ends.
  public init(
    _ state: PlanState, plan id: PlanID, missing: Bool, firstUnfinished: StepID?,
    interrupted: StepID?, lasting: [StepID] = [], made: [String] = [], runnerIsAlive: Bool
  ) {
    switch state {
    case .planned, .waiting(.approval):
      let next = firstUnfinished.map { " (next: step \"\($0)\")" } ?? ""
      sentence =
        missing
        ? "pawl run \(id)   approves what is missing\(next) and goes on" : "pawl run \(id)"
    case .running, .rollingBack:
      sentence =
        runnerIsAlive
        ? "nothing to do; pawl watch shows it at work"
        : "pawl resume \(id)   the runner is gone; nothing is lost"
    case .waiting(.reboot): sentence = "restart this host, then pawl resume \(id)"
    case .waiting(.trial): sentence = "pawl confirm \(id)   or   pawl reject \(id)"
    case .waiting(.resources): sentence = "free what is short, then pawl resume \(id)"
    case .waiting(.person):
      sentence =
        interrupted.map { "pawl resolve \(id) --step \($0) done|retry|undo" }
        ?? "pawl resume \(id)   or   pawl rollback \(id)"
    case .failed:
      sentence =
        "pawl logs \(id)   then pawl approve \(id) and pawl resume \(id), or pawl rollback \(id)"
    case .rolledBack:
      let but = lasting.map { "\"\($0)\"" }.joined(separator: ", ")
      sentence =
        "nothing to do; the host is as it was before plan \(id)"
        + (lasting.isEmpty ? "" : ", but for what \(but) may have installed")
    case .rollbackFailed: sentence = "pawl show \(id)   then pawl rollback \(id) once more"
    case .succeeded:
      sentence = "nothing to do" + (made.isEmpty ? "" : "; see \(made.joined(separator: ", "))")
    case .abandoned: sentence = "nothing to do"
    }
  }
}

extension PlanRecord {
  /// What the last step was to make: packages, say.
  public var made: [String] { steps.last?.frozen.outputs ?? [] }

  /// Of a plan that was rolled back: those whose effect is still there.
  public var lastingSteps: [StepID] { steps.filter(\.outlastsItsUndo).map(\.id) }
}

extension StepRecord {
  /// Undone by doing nothing: it ran a program as root, and has neither an undo nor files to put back.
  var outlastsItsUndo: Bool {
    guard case .command(let command) = frozen.action, frozen.undo == nil else { return false }
    // Of Pawl's own jobs, those without an undo make nothing that the host has for good.
    let lasts = !command.isOwnJob || command.argv[2] == "install-packages"
    return state == .undone && lasts && frozen.runsAs.isRoot && frozen.effects == .durable
      && frozen.pathsToBackUp.isEmpty
  }
}

extension PlanState {
  /// For a person: `waiting for approval`.
  public var inWords: String {
    switch self {
    case .waiting(.approval): "waiting for approval"
    case .waiting(.reboot): "waiting for a restart of the host"
    case .waiting(.trial): "waiting for the end of the trial"
    case .waiting(.resources): "waiting for space or another resource"
    case .waiting(.person): "waiting for a person"
    case .rollingBack: "rolling back"
    case .rolledBack: "rolled back"
    case .rollbackFailed: "stuck in its rollback"
    case .planned, .running, .succeeded, .failed, .abandoned: word
    }
  }
}
