import ArgumentParser

struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Every change that Pawl ever made here.",
    subcommands: [
      HistoryListCommand.self, HistoryShowCommand.self, HistoryBackupsCommand.self,
      HistoryRestoreCommand.self, HistoryExportCommand.self, HistoryVerifyCommand.self,
    ],
    defaultSubcommand: HistoryListCommand.self)
}
