import PawlHost
import PawlModel
import Testing

@testable import PawlSimulator

/// `make` compares `auto.conf` with `.config` to see which options changed. Where a power cut comes
/// right after it was written, the stamps of these options may be lost, and nothing would be
/// compiled anew for them: exit 0, and a stale kernel.
@Suite struct SpreadConfigurationTests {
  private static let folder = "/home/ada/o"
  private static let path = folder + "/include/config/auto.conf"

  /// Its first program writes a new `auto.conf` and is then cut; the second one goes well.
  private final class CutHost: MutantHost {
    let world: World
    /// Milliseconds after the program's start at which it writes.
    var writesAt: Int64 = 0
    var atStart: [String?] = []
    private var boots = 0

    init(_ world: World) {
      self.world = world
      super.init(SimulatedHost(world: world))
    }

    override func now() -> Stamp {
      var stamp = inner.now()
      stamp.bootID = BootID("boot-\(boots)")
      return stamp
    }

    override func buildTree(
      at folder: String, searchPath: String, sources: [String], as identity: Identity
    ) throws -> BuildTree? {
      var tree = try super.buildTree(
        at: folder, searchPath: searchPath, sources: sources, as: identity)
      tree?.bootID = now().bootID
      return tree
    }

    override func run(
      _ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective
    ) throws -> ExitReport {
      let present = world.disk[SpreadConfigurationTests.path]
      atStart.append(present.map { String(decoding: $0.bytes, as: UTF8.self) })
      guard boots == 0 else { return ExitReport(.exited(0), millis: 0) }
      boots += 1
      world.disk.write(
        SimulatedDisk.Node(
          bytes: Array("NEW".utf8), metadata: FileMetadata.plain(at: world.wallMillis + writesAt)),
        at: SpreadConfigurationTests.path)
      throw SimulatedCrash()
    }
  }

  private func atStart(_ before: String?, writesAt: Int64 = 0) throws -> [String?] {
    var files = [Self.folder + "/.config": "CONFIG_X=n\n"]
    files[Self.path] = before
    let build = try SimulatedBuild(in: Self.folder, files: files)
    let host = CutHost(build.world)
    host.writesAt = writesAt
    #expect(throws: SimulatedCrash.self) { try build.run(on: host) }
    #expect(try build.run(on: host).state == .succeeded)
    return host.atStart
  }

  @Test("after a cut make finds the auto.conf from before, so that every change is seen again")
  func putBack() throws {
    #expect(try atStart("OLD") == ["OLD", "OLD"])
  }

  @Test("where there was none, make finds none")
  func removed() throws {
    #expect(try atStart(nil) == [nil, nil])
  }

  @Test("one that a checkpoint has made durable stays, and with it hours of objects")
  func kept() throws {
    #expect(try atStart("OLD", writesAt: -3_600_000) == ["OLD", "NEW"])
  }
}
