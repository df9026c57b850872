import Foundation
import Glibc
import Testing

/// The program under test: it stands beside the test run.
enum Pawl {
  static let program: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: own).deletingLastPathComponent().appending(path: "pawl").path
  }()

  static var isRoot: Bool { geteuid() == 0 }
}

/// How a command ended, and what it said.
struct Answer: CustomStringConvertible {
  let status: Int32
  /// The signal that ended it, 0 where none did.
  let signal: Int32
  let output: String
  let errors: String

  var description: String { "status \(status), signal \(signal)\n\(output)\n\(errors)" }

  /// What stands on standard error, without indentation.
  var complaint: [String] {
    errors.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}

/// A program with standard input at its end and its output in files, so that whatever outlives it
/// keeps nobody waiting.
final class Child {
  private let pid: pid_t
  private let outputPath: String
  private let errorsPath: String

  init(_ argv: [String], environment: [String: String], folder: String) throws {
    let mark = "\(folder)/.answer-\(UInt64.random(in: .min ... .max))"
    (outputPath, errorsPath) = (mark + ".out", mark + ".err")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (number, path) in [(1, outputPath), (2, errorsPath)] {
      posix_spawn_file_actions_addopen(
        &actions, Int32(number), path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    let whole = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder]
      .merging(environment) { $1 }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var started: pid_t = 0
    let result = withCStrings(argv) { arguments in
      withCStrings(whole.map { "\($0.key)=\($0.value)" }) {
        posix_spawn(&started, argv.first ?? "", &actions, &attributes, arguments, $0)
      }
    }
    try #require(result == 0, "\(argv) could not be started: error \(result)")
    pid = started
  }

  func signal(_ number: Int32) { kill(pid, number) }

  /// Whether it is past its beginning and follows the plan: then Ctrl-C only closes the view.
  var isWatching: Bool {
    let handled = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8))?
      .split(separator: "\n").first { $0.hasPrefix("SigCgt:") }?.split(separator: "\t").last
    return handled.flatMap { UInt64($0, radix: 16) }.map { $0 & 1 << (SIGINT - 1) != 0 } ?? false
  }

  var outputSoFar: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

  /// Waits for its end; five minutes are for ever here.
  func ended() throws -> Answer {
    var status: Int32 = 0
    let deadline = Date(timeIntervalSinceNow: 300)
    while waitpid(pid, &status, WNOHANG) == 0 {
      if Date() > deadline { kill(pid, SIGKILL) }
      usleep(5_000)
    }
    defer { for path in [outputPath, errorsPath] { unlink(path) } }
    let signal = status & 0x7F
    return Answer(
      status: signal == 0 ? (status >> 8) & 0xFF : -1, signal: signal,
      output: String(decoding: try Data(contentsOf: URL(filePath: outputPath)), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: URL(filePath: errorsPath)), as: UTF8.self))
  }
}

private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}

/// Waits for something that will come, and fails where it does not.
func wait(
  for what: String, at place: SourceLocation = #_sourceLocation, until holds: () throws -> Bool
) throws {
  let deadline = Date(timeIntervalSinceNow: 300)
  while try !holds() {
    try #require(Date() < deadline, "\(what) did not come", sourceLocation: place)
    usleep(20_000)
  }
}
