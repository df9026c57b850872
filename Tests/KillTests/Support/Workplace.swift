import Foundation
import Glibc
import PawlHost
import PawlJournal
import PawlModel

/// A journal, a ledger beside it that Pawl knows nothing of, and the program that steps run: all
/// in a folder of its own, gone with the value.
final class Workplace {
  let folder: String
  let ledger: Ledger
  var journalPath: String { folder + "/journal/journal.db" }
  private var root: String { folder + "/root" }

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    folder = base + "/pawl-kills-" + String(UInt64.random(in: .min ... .max), radix: 36)
    ledger = Ledger(path: folder + "/ledger")
    // Steps may run as nobody: the folder is open to look into, the ledger to write to.
    for (path, mode) in [(folder, 0o755), (folder + "/journal", 0o700), (folder + "/root", 0o755)] {
      guard mkdir(path, mode_t(mode)) == 0, chmod(path, mode_t(mode)) == 0 else {
        throw PawlError(.cannotCreate, "\(path): \(String(cString: strerror(errno)))")
      }
    }
    try write("", to: "ledger", mode: 0o666)
    guard mkfifo(folder + "/never", 0o666) == 0, chmod(folder + "/never", 0o666) == 0 else {
      throw PawlError(.cannotCreate, "\(folder)/never: \(String(cString: strerror(errno)))")
    }
    try write(Workplace.step, to: "step", mode: 0o755)
  }

  deinit {
    if let pid = runnerPID, pid > 0 { kill(pid, SIGKILL) }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Writes its two lines, and between them waits: a time, or until a file is there.
  private static let step = """
    #!/bin/bash
    here=${0%/*}
    echo "start $1 ${PAWL_ATTEMPT##*/}" >>"$here/ledger"
    case $2 in
      /*) until [[ -e $2 ]]; do read -r -t 0.02 <>"$here/never"; done ;;
      *) read -r -t "$2" <>"$here/never" ;;
    esac
    echo "end $1 ${PAWL_ATTEMPT##*/}" >>"$here/ledger"

    """

  func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    chmod("\(folder)/\(name)", mode)
  }

  // MARK: Pawl

  /// The program that was built together with these tests.
  static let program: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: own).deletingLastPathComponent().path + "/pawl"
  }()

  func command(_ verb: [String]) -> [String] {
    [Workplace.program] + verb + ["--journal", journalPath, "--root", root]
  }

  func start(_ verb: String..., on terminal: String? = nil) throws -> Child {
    try Child(command(verb), in: folder, terminal: terminal)
  }

  /// Runs a verb to its end, without a terminal.
  func run(_ verb: [String]) throws -> (status: Int32, output: String, errors: String) {
    let child = try Child(command(verb), in: folder)
    guard case .exited(let status) = try child.wait(seconds: 120) else {
      throw PawlError(.internalFault, "pawl \(verb.joined(separator: " ")) was ended by a signal.")
    }
    return (status, child.output, child.errors)
  }

  /// Runs a verb that has to succeed.
  @discardableResult
  func pawl(_ verb: String...) throws -> String {
    let (status, output, errors) = try run(verb)
    guard status == 0 else {
      throw PawlError(
        .internalFault, "pawl \(verb.joined(separator: " ")) exits \(status): \(errors)")
    }
    return output
  }

  /// Freezes a plan of these steps; `approved` consents to each by its digest.
  func plan(_ steps: [StepText], approved: Bool = true) throws -> PlanID {
    try plan(StepText.recipe(steps), approved: approved)
  }

  /// The same of a recipe's text; `{{here}}` stands for this folder.
  func plan(_ recipe: String, approved: Bool = true) throws -> PlanID {
    try write(recipe.replacingOccurrences(of: "{{here}}", with: folder), to: "recipe.yaml")
    let answer = try pawl("plan", folder + "/recipe.yaml", "--json")
    let id = PlanID(try JSONDecoder().decode(Numbered.self, from: Data(answer.utf8)).plan)
    if approved { try approve(id) }
    return id
  }

  private struct Numbered: Decodable { var plan: Int64 }

  func approve(_ id: PlanID) throws {
    let pairs = try record(id).steps.flatMap { ["--step", $0.id.name, "--digest", $0.digest.hex] }
    let (status, _, errors) = try run(["approve", "\(id)"] + pairs)
    guard status == 0 else { throw PawlError(.internalFault, "approve exits \(status): \(errors)") }
  }

  // MARK: The journal

  func reading<Value>(_ body: (SQLiteJournal) throws -> Value) throws -> Value {
    let journal = try SQLiteJournal.openReading(path: journalPath)
    defer { try? journal.close() }
    return try body(journal)
  }

  func record(_ id: PlanID) throws -> PlanRecord {
    try reading { journal in
      guard let plan = try journal.plan(id) else {
        throw PawlError(.internalFault, "There is no plan \(id).")
      }
      return plan
    }
  }

  func stepChanges(_ id: PlanID) throws -> [(step: StepID, attempt: Int, change: StepChange)] {
    try reading { journal in
      var changes: [(StepID, Int, StepChange)] = []
      try journal.events(of: id) { event in
        if let step = event.step, case .step(let change) = try event.body() {
          changes.append((step, event.attempt, change))
        }
        return true
      }
      return changes
    }
  }

  /// Of the runner that holds the journal now; nil where none does.
  var runnerPID: pid_t? { RunnerLock.holder(journalPath: journalPath) }

  /// Whether that runner has a handle on a process, to wait for its end.
  func runnerHolds(_ pid: pid_t) -> Bool {
    guard let folder = runnerPID.map({ "/proc/\($0)/fdinfo" }),
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else { return false }
    return names.contains { name in
      let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      return text?.split(separator: "\n").contains("Pid:\t\(pid)") == true
    }
  }
}

/// A step of a test's recipe.
struct StepText {
  var id: String
  /// Seconds, or the path of a file to wait for.
  var until: String
  var interrupted = "ask"
  var effects = "volatile"
  /// `here` stands for the workplace's folder.
  var check: String?
  var command = "{{here}}/step"

  static func recipe(_ steps: [StepText]) -> String {
    steps.reduce(
      into: "name: ledger\ndescription: Keep a ledger\nrollback: {description: none}\nsteps:\n"
    ) {
      $0 += "  - {id: \($1.id), label: \($1.id), risk: low, effects: \($1.effects), "
      if let check = $1.check { $0 += "check: \(check), " }
      $0 += "interrupted: \($1.interrupted), command: [\($1.command), \($1.id), \"\($1.until)\"]}\n"
    }
  }
}
