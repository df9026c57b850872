import Foundation
import Glibc
import PawlModel

/// A process that a test started: its output in files, its end told by the kernel.
final class Child {
  enum Ending: Equatable {
    case exited(Int32)
    case signalled(Int32)
  }

  let pid: pid_t
  private let outputPath: String
  private let errorPath: String
  private var ending: Ending?

  /// With `terminal` the process leads a session of its own whose terminal that is.
  init(_ argv: [String], in folder: String, terminal: String? = nil) throws {
    let name = "\(folder)/out-\(UInt64.random(in: .min ... .max))"
    (outputPath, errorPath) = (name + ".1", name + ".2")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A test may itself run where a hang-up is ignored.
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    let signals = Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, terminal == nil ? signals : signals | Child.ownSession)
    if let terminal {
      posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    } else {
      let flags = O_WRONLY | O_CREAT | O_TRUNC
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o600)
      posix_spawn_file_actions_addopen(&actions, 2, errorPath, flags, 0o600)
    }
    let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(folder)", "TERM=dumb"]
    let program = argv[0]
    var started: pid_t = 0
    let result = withCStrings(argv) { argv in
      withCStrings(environment) {
        posix_spawnp(&started, program, &actions, &attributes, argv, $0)
      }
    }
    guard result == 0 else {
      throw PawlError(.internalFault, "\(argv[0]): \(String(cString: strerror(result)))")
    }
    pid = started
  }

  /// POSIX_SPAWN_SETSID, which the C library's module leaves out.
  private static let ownSession: Int16 = 0x80

  var output: String { text(outputPath) }
  var errors: String { text(errorPath) }

  private func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  /// nil while it is alive.
  func look() -> Ending? {
    if let ending { return ending }
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
    let signal = status & 0x7f
    ending = signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
    return ending
  }

  /// Throws where it does not end within its time, after having ended it.
  @discardableResult
  func wait(seconds: Double = 60) throws -> Ending {
    if try eventually(seconds: seconds, { look() != nil }), let ending { return ending }
    kill(pid, SIGKILL)
    throw PawlError(.internalFault, "Process \(pid) did not end within \(seconds) s: \(errors)")
  }
}

/// Asks again and again until the answer is yes; false when the time is up.
func eventually(seconds: Double = 120, _ condition: () throws -> Bool) throws -> Bool {
  let end = DispatchTime.now() + seconds
  while true {
    if try condition() { return true }
    if DispatchTime.now() > end { return false }
    usleep(1000)
  }
}

private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  var copies = strings.map { strdup($0) }
  copies.append(nil)
  defer { copies.forEach { free($0) } }
  return body(copies)
}
