import CPawl
import Glibc
import PawlModel

/// A request made ready to be started, or the sentence that says why it cannot be.
struct ChildConfiguration {
  private let path: String
  private let request: ProcessRequest

  init(_ request: ProcessRequest) throws(ProgramPath.Refusal) {
    try ChildConfiguration.requireIdentity(request.identity)
    path = try ProgramPath(request: request).resolve()
    guard Standing.following(request.directory)?.isFolder == true else {
      throw ProgramPath.Refusal(sentence: "The folder \(request.directory) does not exist.")
    }
    self.request = request
  }

  private static func requireIdentity(_ identity: Identity) throws(ProgramPath.Refusal) {
    guard geteuid() != 0, geteuid() != identity.uid else { return }
    throw ProgramPath.Refusal(
      sentence: "This process may not run programs as \(identity.name) (uid \(identity.uid)).")
  }

  private var settings: [String] {
    let all = request.environment.merging([attemptVariable: request.token]) { $1 }
    return all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  /// The pid of the child, which is that of its group too. It has to be reaped.
  func start(output: Descriptor) throws -> pid_t {
    let result = withCStrings(request.argv) { arguments in
      withCStrings(settings) { environment in
        withIdentity {
          pawl_spawn_child(path, arguments, environment, request.directory, output.raw, $0)
        }
      }
    }
    guard result != -ENOTRECOVERABLE else {
      throw PawlError(
        .internalFault, "This thread could not become root again after starting \(path).",
        hint: "Stop Pawl: what it would do next could run with other permissions than recorded.")
    }
    guard result > 0 else {
      throw ProgramPath.Refusal(sentence: "\(path) could not be started: \(reason(-result)).")
    }
    return result
  }

  private func withIdentity(_ body: (UnsafePointer<pawl_identity>?) -> Int32) -> Int32 {
    let who = request.identity
    guard geteuid() == 0, who.uid != 0 || who.gid != getegid() else { return body(nil) }
    return who.groups.withUnsafeBufferPointer { groups in
      var identity = pawl_identity(
        uid: who.uid, gid: who.gid, group_count: groups.count, groups: groups.baseAddress)
      return withUnsafePointer(to: &identity) { body($0) }
    }
  }
}

/// The name under which a child carries the token of its attempt.
let attemptVariable = "PAWL_ATTEMPT"

extension LiveHost: HostProcesses {
  public func run(_ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective)
    throws -> ExitReport
  {
    do {
      let configuration = try ChildConfiguration(request)
      var run = try ChildRun(request, configuration)
      return try run.perform(watch: watch)
    } catch let refusal as ProgramPath.Refusal {
      return ExitReport(.notStarted(refusal.sentence), millis: 0)
    }
  }
}
