import Glibc
import PawlModel
import Subprocess
import SystemPackage

/// A request in the words of swift-subprocess, or the sentence that says why it cannot be started.
struct ChildConfiguration {
  let value: Configuration

  init(_ request: ProcessRequest) throws(ProgramPath.Refusal) {
    try ChildConfiguration.requireIdentity(request.identity)
    let path = try ProgramPath(request: request).resolve()
    guard Standing.following(request.directory)?.isFolder == true else {
      throw ProgramPath.Refusal(sentence: "The folder \(request.directory) does not exist.")
    }
    value = Configuration(
      executable: .path(FilePath(path)),
      arguments: Arguments(
        executablePathOverride: request.argv.first, remainingValues: Array(request.argv.dropFirst())
      ),
      environment: ChildConfiguration.environment(request),
      workingDirectory: FilePath(request.directory),
      platformOptions: ChildConfiguration.options(request.identity))
  }

  private static func requireIdentity(_ identity: Identity) throws(ProgramPath.Refusal) {
    guard geteuid() != 0, geteuid() != identity.uid else { return }
    throw ProgramPath.Refusal(
      sentence: "This process may not run programs as \(identity.name) (uid \(identity.uid)).")
  }

  private static func environment(_ request: ProcessRequest) -> Environment {
    var values: [Environment.Key: String] = [:]
    for (name, value) in request.environment {
      values[Environment.Key(stringLiteral: name)] = value
    }
    values[Environment.Key(stringLiteral: attemptVariable)] = request.token
    return .custom(values)
  }

  /// Changing who a process is costs a slower start, so it is asked for only where it differs.
  private static func options(_ identity: Identity) -> PlatformOptions {
    var options = PlatformOptions()
    options.processGroupID = 0
    guard geteuid() == 0, identity.uid != 0 || identity.gid != getegid() else { return options }
    options.userID = identity.uid
    options.groupID = identity.gid
    options.supplementaryGroups = identity.groups
    return options
  }
}

/// The name under which a child carries the token of its attempt.
let attemptVariable = "PAWL_ATTEMPT"

extension LiveHost: HostProcesses {
  public func run(_ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective)
    throws -> ExitReport
  {
    let configuration: ChildConfiguration
    do {
      configuration = try ChildConfiguration(request)
    } catch {
      return ExitReport(.notStarted(error.sentence), millis: 0)
    }
    var run = try ChildRun(request)
    return try run.perform(configuration, watch: watch)
  }
}
