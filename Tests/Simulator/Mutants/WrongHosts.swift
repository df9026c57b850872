import PawlHost
import PawlModel

final class NeverSyncs: MutantHost {
  override func sync(fileSystemsOf paths: [String]) throws {}
}

final class RepairsNothing: MutantHost {
  override func treatBuild(
    at folder: String, _ treatment: TreeTreatment, as identity: Identity
  ) throws -> TreeRepair { TreeRepair() }
}

final class SeesNoSurvivors: MutantHost {
  override func survivors(token: String) -> [Survivor] { [] }
}

final class BelievesPrograms: MutantHost {
  override func run(
    _ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ExitReport {
    var report = try inner.run(request, watch: watch)
    report.ending = .exited(0)
    return report
  }
}

final class OverwritesFallback: MutantHost {
  override func publish(
    at path: String, metadata: FileMetadata?, mode: UInt32?, replacing expected: FileState,
    as identity: Identity, fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> FileState {
    guard path.hasPrefix("/boot/") else {
      return try inner.publish(
        at: path, metadata: metadata, mode: mode, replacing: expected, as: identity, fill: fill)
    }
    return try inner.publish(
      at: Scenario.fallback, metadata: metadata, mode: mode,
      replacing: inner.world.disk.state(at: Scenario.fallback), as: identity, fill: fill)
  }
}

final class BelievesRelease: MutantHost {
  override func runningRelease() -> String { Scenario.newRelease }
}

final class BelievesBoot: MutantHost {
  override func now() -> Stamp {
    var stamp = inner.now()
    stamp.bootID += "-\(inner.life ?? 0)"
    return stamp
  }
}

final class RunsAsRoot: MutantHost {
  override func run(
    _ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ExitReport {
    var request = request
    request.identity = .root
    return try inner.run(request, watch: watch)
  }
}

final class LeaksEnvironment: MutantHost {
  override func run(
    _ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective
  ) throws -> ExitReport {
    var request = request
    request.environment["LD_PRELOAD"] = "/home/ada/helpful.so"
    return try inner.run(request, watch: watch)
  }
}

final class SeesSpace: MutantHost {
  override func freeBytes(at path: String) -> Int64? { nil }
}
