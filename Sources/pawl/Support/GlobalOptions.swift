import ArgumentParser
import Foundation
import Glibc
import PawlModel

/// What every verb takes, after the verb.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The journal to use.", valueName: "file"))
  var journal: String?

  @Option(help: ArgumentHelp("Act on the system below this folder.", valueName: "dir"))
  var root = "/"

  /// The one that this host's own plans are in.
  var isDefaultJournal: Bool { journalPath == "/var/lib/pawl/journal.db" }

  /// The place of the journal: `/var/lib/pawl` for root, the XDG state folder for others.
  var journalPath: String {
    if let journal { return Self.absolute(journal) }
    if getuid() == 0 { return "/var/lib/pawl/journal.db" }
    let environment = ProcessInfo.processInfo.environment
    let state = environment["XDG_STATE_HOME"] ?? "\(environment["HOME"] ?? "")/.local/state"
    return "\(state)/pawl/journal.db"
  }

  /// The root without a trailing slash and without `.` and `..`.
  var rootPath: String { Self.absolute(root) }

  static func absolute(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}

struct JSONOption: ParsableArguments {
  @Flag(help: "Answer with one JSON document.")
  var json = false
}

struct PlanArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The number of the plan.", valueName: "plan"))
  var number: Int64

  var id: PlanID { PlanID(number) }
}
