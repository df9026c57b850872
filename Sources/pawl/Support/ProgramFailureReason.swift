import ArgumentParser
import PawlHost
import PawlModel

/// What the last words of a program that failed mean, by the program; one line in a table each.
enum ProgramFailureReason {
  static func explain(_ command: Command, _ words: String) -> String? {
    guard let program = program(command)?.split(separator: "/").last else { return nil }
    return table[String(program)]?(words, HostDetection(root: .live))
  }

  /// Pawl's own job runs the one that is named behind it.
  private static func program(_ command: Command) -> String? {
    let name = InstallPackagesStep.configuration.commandName
    guard command.isOwnJob, command.argv[2] == name, command.argv.count > 3 else {
      return command.argv.first
    }
    return command.argv[3]
  }

  private static let table: [String: @Sendable (String, HostDetection) -> String?] = [
    "modprobe": { ModuleLoadFailure.explain($0, host: $1) },
    "apt-get": { words, _ in PackageFailure.explain(words) },
    "insmod": { ModuleLoadFailure.explain($0, host: $1) },
  ]
}
