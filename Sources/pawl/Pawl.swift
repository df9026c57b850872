import ArgumentParser
import Glibc
import PawlEngine
import PawlModel

@main
struct Pawl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pawl",
    abstract: "Changes the kernel of a Linux host so that nothing can strand it.",
    discussion: """
      Every plan is a persisted state machine: what is about to be done is in the journal before \
      it is done, what came of it right after. Power may fail at any instant; `pawl resume` goes \
      on, `pawl rollback` goes back.

      Begin with:  pawl detect,  pawl recipe list,  pawl plan module-load --set module=loop
      """,
    version: "0.1.0",
    subcommands: [
      DetectCommand.self, CheckCommand.self, KconfigCommand.self, RecipeCommand.self,
      PlanCommand.self,
      ShowCommand.self, ApproveCommand.self, RunCommand.self, ResumeCommand.self,
      StatusCommand.self, WatchCommand.self, LogsCommand.self, PauseCommand.self,
      CancelCommand.self, ResolveCommand.self, ConfirmCommand.self, RejectCommand.self,
      RollbackCommand.self, HistoryCommand.self, BootHookCommand.self, RunnerCommand.self,
      InternalCommand.self,
    ])

  /// Every failure ends in one or two plain sentences and the exit status of its kind.
  static func main() {
    umask(0o022)
    fillStandardDescriptors()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as PawlError {
      report(error)
      Glibc.exit(error.code.exitStatus)
    } catch {
      exit(withError: error)
    }
  }

  /// Where input, output or errors are closed, the next file to be opened would take their place,
  /// and what is printed would go into the journal.
  private static func fillStandardDescriptors() {
    var opened: Int32 = 0
    while (0...STDERR_FILENO).contains(opened) { opened = open("/dev/null", O_RDWR) }
    if opened > STDERR_FILENO { close(opened) }
  }

  private static func report(_ error: PawlError) {
    Output.progress("pawl: \(StepWording.printable(error.message))")
    if let hint = error.hint { Output.progress("      \(StepWording.printable(hint))") }
  }
}
