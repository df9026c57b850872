import PawlHost
import PawlJournal
import PawlModel

/// Runs the program of a step, with its output going into the journal as it comes.
struct ProgramAct {
  let performer: Performer

  func run(_ command: Command) throws -> ActResult {
    try run(command, background: false) { _ in .goOn }
  }

  func run(
    _ command: Command, background: Bool, each: (ProcessTick) throws -> ProcessDirective
  ) throws -> ActResult {
    let step = performer.step
    let programs = Programs(context: performer.context, plan: performer.plan, step: step)
    let recorder = OutputRecorder(
      context: performer.context, plan: performer.plan.id, step: step)
    let exit = try programs.run(
      command, timeoutSeconds: step.frozen.timeoutSeconds, purpose: "act", background: background
    ) { tick in
      try recorder.take(tick)
      return try each(tick)
    }
    var result = ActResult(exit: exit)
    result.output = try recorder.finish()
    result.lastWords = recorder.lastWords.sentence
    if case .notStarted = exit.ending { result.touchedFiles = false }
    return result
  }
}
