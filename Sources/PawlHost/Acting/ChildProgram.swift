import CPawl
import Glibc
import PawlModel

/// A request that was looked at and can be started, or the sentence that says why it cannot.
struct ChildProgram {
  struct Refusal: Error { let sentence: String }

  private let request: ProcessRequest
  private let path: String

  init(_ request: ProcessRequest) throws(Refusal) {
    guard geteuid() == 0 || geteuid() == request.identity.uid else {
      throw Refusal(
        sentence: "This process may not run programs as \(request.identity.name) "
          + "(uid \(request.identity.uid)).")
    }
    do { path = try ProgramPath(request: request).resolve() } catch {
      throw Refusal(sentence: error.sentence)
    }
    guard Standing.following(request.directory)?.isFolder == true else {
      throw Refusal(sentence: "The folder \(request.directory) does not exist.")
    }
    self.request = request
  }

  /// Its pid once the program has begun; what it prints goes to `output`.
  func start(output: Descriptor) throws(Refusal) -> pid_t {
    var environment = request.environment
    environment[attemptVariable] = request.token
    let settings = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let pid = withCStrings(request.argv) { argv in
      withCStrings(settings) { settings in spawn(argv, settings, output) }
    }
    guard pid >= 0 else {
      throw Refusal(
        sentence: "\(request.argv.first ?? "") could not be started: \(reason(-pid)).")
    }
    return pid
  }

  private func spawn(
    _ argv: UnsafePointer<UnsafeMutablePointer<CChar>?>,
    _ environment: UnsafePointer<UnsafeMutablePointer<CChar>?>, _ output: Descriptor
  ) -> pid_t {
    let identity = request.identity
    return path.withCString { path in
      request.directory.withCString { directory in
        identity.groups.withUnsafeBufferPointer { groups in
          var child = pawl_child()
          child.path = path
          child.argv = argv
          child.environment = environment
          child.directory = directory
          child.output = output.raw
          child.changes_identity = geteuid() == 0 ? 1 : 0
          child.uid = identity.uid
          child.gid = identity.gid
          child.group_count = groups.count
          child.groups = groups.baseAddress
          return pawl_spawn_child(&child)
        }
      }
    }
  }
}

/// The name under which a child carries the token of its attempt.
let attemptVariable = "PAWL_ATTEMPT"

/// Strings as C programs are given them, with a nil at the end.
func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  copies.append(nil)
  defer { copies.forEach { free($0) } }
  return copies.withUnsafeMutableBufferPointer { buffer in
    withExtendedLifetime(buffer) {
      buffer.baseAddress.map { body(UnsafePointer($0)) } ?? body([nil])
    }
  }
}

/// Waits until one of the descriptors is readable or the time is up.
func awaitReadable(_ descriptors: [Int32], milliseconds: Int64) -> [Bool] {
  var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  let limit = Int32(clamping: max(0, milliseconds))
  guard poll(&polled, nfds_t(polled.count), limit) > 0 else {
    return descriptors.map { _ in false }
  }
  return polled.map { $0.revents != 0 }
}

extension LiveHost: HostProcesses {
  public func run(_ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective)
    throws -> ExitReport
  {
    do {
      var run = try ChildRun(request)
      return try run.perform(watch: watch)
    } catch let refusal as ChildProgram.Refusal {
      return ExitReport(.notStarted(refusal.sentence), millis: 0)
    }
  }
}
