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
  private let process = Process()
  private let outputPath: String
  private let errorsPath: String
  private let done = DispatchSemaphore(value: 0)

  init(_ argv: [String], environment: [String: String], folder: String) throws {
    let mark = "\(folder)/.answer-\(UInt64.random(in: .min ... .max))"
    (outputPath, errorsPath) = (mark + ".out", mark + ".err")
    process.executableURL = URL(filePath: try #require(argv.first))
    process.arguments = Array(argv.dropFirst())
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder]
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Child.file(outputPath)
    process.standardError = try Child.file(errorsPath)
    process.terminationHandler = { [done] _ in done.signal() }
    try process.run()
  }

  private static func file(_ path: String) throws -> FileHandle {
    try #require(FileManager.default.createFile(atPath: path, contents: nil))
    return try #require(FileHandle(forWritingAtPath: path))
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Two minutes are for ever here: a command that needs longer hangs.
  func ended() throws -> Answer {
    if done.wait(timeout: .now() + 120) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      done.wait()
    }
    let signalled = process.terminationReason == .uncaughtSignal
    defer { for path in [outputPath, errorsPath] { unlink(path) } }
    return Answer(
      status: signalled ? -1 : process.terminationStatus,
      signal: signalled ? process.terminationStatus : 0,
      output: String(decoding: try Data(contentsOf: URL(filePath: outputPath)), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: URL(filePath: errorsPath)), as: UTF8.self))
  }
}

/// Waits for something that will come, and fails where it does not.
func wait(
  for what: String, at place: SourceLocation = #_sourceLocation, until holds: () throws -> Bool
) throws {
  let deadline = Date(timeIntervalSinceNow: 60)
  while try !holds() {
    try #require(Date() < deadline, "\(what) did not come", sourceLocation: place)
    usleep(20_000)
  }
}
