import PawlHost
import PawlModel

/// A build folder of which the simulator knows the names and times, and whether they tell the
/// truth.
extension SimulatedHost: HostBuilds {
  private var wallNanos: Int64 { world.wallMillis * 1_000_000 }

  public func buildTree(
    at folder: String, searchPath: String, sources: [String], as identity: Identity
  ) throws -> BuildTree? {
    guard world.disk.isFolder(folder) else { return nil }
    return BuildTree(
      folder: folder, mark: "simulated", inode: 1, fileSystem: "ext4", source: "disk", mount: 1,
      bootID: world.bootID)
  }

  public func makeBuildFolder(at folder: String, as identity: Identity) throws {
    try makeFolder(at: folder, mode: 0o755, as: identity)
  }

  public func openBuild(at folder: String, as identity: Identity) throws -> Int64 {
    try world.reach(.treeBefore, life: life)
    return wallNanos
  }

  public func closeBuild(at folder: String, as identity: Identity) throws {
    try world.reach(.treeBefore, life: life)
  }

  /// A program of the simulator is never between two writes of one file.
  public func earliestStart(inGroup group: Int32) -> Int64 { wallNanos }

  public func earliestStart(token: String) -> Int64? {
    survivors(token: token).isEmpty ? nil : wallNanos
  }

  public func treatBuild(
    at folder: String, _ treatment: TreeTreatment, as identity: Identity
  ) throws -> TreeRepair {
    let cutoff: Int64
    switch treatment {
    case .trust, .refuse: return TreeRepair()
    case .clean: cutoff = Int64.min
    case .removeInFlight(let found), .repairAfterCut(let found): cutoff = found
    }
    guard let step = world.record?.steps.first(where: { $0.state == .started })?.id else {
      return TreeRepair()
    }
    var count = 0
    for path in world.disk.paths(below: folder)
    where !path.hasSuffix("/.config") && !path.hasSuffix("/auto.conf") {
      try world.reach(.treeBefore, life: life)
      guard let node = world.disk[path], node.metadata.modifiedNanos >= cutoff else { continue }
      world.change(path, to: nil, by: .program(step, .act), durably: false)
      count += 1
    }
    return TreeRepair(removed: ["written last": count])
  }

  public func keepSample(_ sample: CutoffSample, at path: String) {
    guard isAlive else { return }
    world.samples[path] = sample
  }

  public func sample(at path: String) -> CutoffSample? { world.samples[path] }
}
