import PawlHost
import PawlModel

/// What the last words of a program that failed mean, by the program; one line in a table each.
enum ProgramFailureReason {
  static func explain(_ command: Command, _ words: String) -> String? {
    guard let program = command.argv.first?.split(separator: "/").last else { return nil }
    return table[String(program)]?(words, HostDetection(root: .live))
  }

  private static let table: [String: @Sendable (String, HostDetection) -> String?] = [
    "modprobe": { ModuleLoadFailure.explain($0, host: $1) },
    "insmod": { ModuleLoadFailure.explain($0, host: $1) },
  ]
}
