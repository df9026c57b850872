import Foundation
import PawlModel
import Testing

@testable import PawlHost

/// What these tests lay into their temporary folder.
extension TemporaryFolder {
  @discardableResult
  fileprivate func lay(_ name: String, _ text: String) throws -> String {
    let file = self(name)
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    _ = try write(text, at: file)
    return file
  }

  fileprivate func tool() -> Tool {
    Tool(
      processes: LiveHost(), identity: own,
      environment: [
        "PATH": "/usr/bin:/bin", "HOME": path, "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@t",
        "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@t",
      ], spool: self("spool"))
  }

  fileprivate func makeTree(_ name: String) throws -> String {
    try lay("\(name)/Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 42\nEXTRAVERSION =\n")
    try lay("\(name)/Kconfig", "mainmenu \"x\"\n")
    try lay("\(name)/kernel/fork.c", "int fork;\n")
    return self(name)
  }
}

@Suite("A kernel source is fetched whole or not at all")
struct SourceTreeTests {
  private func fetch(_ folder: TemporaryFolder, _ origin: String) throws -> String {
    let target = folder.path + "/out/source"
    let tree = SourceTree(host: LiveHost(), tool: folder.tool())
    try FileManager.default.createDirectory(
      atPath: folder.path + "/out", withIntermediateDirectories: true)
    try tree.fetch(try SourceTree.Origin(origin), into: target)
    return target
  }

  @Test("from a folder")
  func fromFolder() throws {
    let folder = try TemporaryFolder()
    let target = try fetch(folder, try folder.makeTree("linux"))
    #expect(SourceTree.version(of: target) == "6.1.42")
    #expect(FileManager.default.fileExists(atPath: target + "/kernel/fork.c"))
  }

  @Test("from a tarball, without its first folder")
  func tarball() throws {
    let folder = try TemporaryFolder()
    _ = try folder.makeTree("linux-6.1.42")
    try folder.tool().run(
      ["tar", "-czf", "\(folder.path)/l.tar.gz", "-C", folder.path, "linux-6.1.42"])
    let target = try fetch(folder, "\(folder.path)/l.tar.gz")
    #expect(SourceTree.version(of: target) == "6.1.42")
  }

  /// The need was once told as "0 MiB": a shift binds tighter than a product.
  @Test("an archive that cannot fit is refused with the space that it needs")
  func tooLarge() throws {
    let folder = try TemporaryFolder()
    let archive = try folder.lay("huge.tar", "")
    let file = try #require(FileHandle(forWritingAtPath: archive))
    try file.truncate(atOffset: 10 << 40)
    let error = #expect(throws: PawlError.self) { try fetch(folder, archive) }
    #expect(error?.message.contains("needs about \(15 << 20) MiB") == true)
    #expect(error?.hint?.hasPrefix("Free ") == true)
  }

  @Test("from a tag of a git repository", arguments: ["v6.1.42", "main"])
  func git(reference: String) throws {
    let folder = try TemporaryFolder()
    let repository = try folder.makeTree("repository")
    let tool = folder.tool()
    for argv in [
      ["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"], ["tag", "v6.1.42"],
    ] {
      try tool.run(["git", "-C", repository] + argv)
    }
    let target = try fetch(folder, "git:\(repository)@\(reference)")
    #expect(SourceTree.version(of: target) == "6.1.42")
  }

  @Test("what an interrupted fetch left is thrown away, never completed")
  func leftoversGo() throws {
    let folder = try TemporaryFolder()
    let source = try folder.makeTree("linux")
    try folder.lay("out/source.aside/kernel/torn.c", "")
    let target = try fetch(folder, source)
    #expect(!FileManager.default.fileExists(atPath: target + "/kernel/torn.c"))
    #expect(!FileManager.default.fileExists(atPath: target + ".aside"))
  }

  @Test("a folder without Makefile and Kconfig is no kernel, and nothing is left in its place")
  func nonsenseIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.lay("empty/README", "no kernel\n")
    let error = #expect(throws: PawlError.self) { try fetch(folder, folder.path + "/empty") }
    #expect(error?.code == .stepFailed)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/out/source"))
  }

  @Test("a git source without a reference, and one that is not there, are refused in words")
  func badOrigins() {
    #expect(throws: PawlError.self) { try SourceTree.Origin("git:/srv/linux") }
    #expect(throws: PawlError.self) { try SourceTree.Origin("git:/srv/linux@") }
    #expect(throws: PawlError.self) { try SourceTree.Origin("/nowhere/at/all") }
  }
}

@Suite("A build happens in a folder that Pawl made and marked")
struct BuildWorkspaceTests {
  @Test("a folder of somebody else's is refused, its own is taken again")
  func onlyMarkedFolders() throws {
    let folder = try TemporaryFolder()
    let workspace = BuildWorkspace(path: folder.path + "/work")
    try workspace.make(with: LiveHost())
    let mark = try String(contentsOfFile: workspace.markPath, encoding: .utf8)
    try workspace.make(with: LiveHost())
    #expect(try String(contentsOfFile: workspace.markPath, encoding: .utf8) == mark)
    try folder.lay("other/precious.c", "int x;\n")
    let error = #expect(throws: PawlError.self) {
      try BuildWorkspace(path: folder.path + "/other").make(with: LiveHost())
    }
    #expect(error?.code == .refused)
  }
}

@Suite("What is staged is the planned kernel and nothing that points out of it")
struct KernelStageTests {
  private func built(_ folder: TemporaryFolder, release: String) throws -> KernelStage {
    try folder.lay("build/include/config/kernel.release", release + "\n")
    try folder.lay("build/arch/x86/boot/bzImage", "image")
    try folder.lay("build/System.map", "map")
    try folder.lay("build/.config", "CONFIG_X=y\n")
    try folder.lay("stage/lib/modules/6.1.42-pawl1/modules.order", "")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/stage/lib/modules/6.1.42-pawl1/build",
      withDestinationPath: folder.path + "/build")
    return KernelStage(
      build: folder.path + "/build", image: "arch/x86/boot/bzImage",
      stage: folder.path + "/stage", release: "6.1.42-pawl1")
  }

  @Test("links into the build user's folders are not installed")
  func linksGo() throws {
    let folder = try TemporaryFolder()
    try built(folder, release: "6.1.42-pawl1").fill()
    let modules = folder.path + "/stage/lib/modules/6.1.42-pawl1"
    #expect(try FileManager.default.contentsOfDirectory(atPath: modules) == ["modules.order"])
    let boot = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/stage/boot")
    #expect(
      boot.sorted() == [
        "System.map-6.1.42-pawl1", "config-6.1.42-pawl1", "vmlinuz-6.1.42-pawl1",
      ])
  }

  @Test("a build that calls itself otherwise is refused: it would land on another kernel")
  func otherReleaseIsRefused() throws {
    let folder = try TemporaryFolder()
    let stage = try built(folder, release: "6.1.42")
    #expect(throws: PawlError.self) { try stage.fill() }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/stage/boot"))
  }
}

@Suite("Space is forecast in numbers, per component and per file system")
struct SpaceForecastTests {
  private struct SmallDisk: HostFacts {
    var free: Int64
    func machineID(root: String) -> String? { nil }
    func mount(of path: String) -> MountFact? {
      MountFact(path: "/", fileSystem: "ext4", source: "/dev/sda1")
    }
    func freeBytes(at path: String) -> Int64? { free }
    func runningRelease() -> String { "6.1.0" }
  }

  private let forecast = SpaceForecast(
    config: "CONFIG_A=y\nCONFIG_B=m\nCONFIG_DEBUG_INFO=y\n", work: "/var/tmp/w", root: "/",
    sourceIsThere: true)

  @Test("components on one file system are added up; too little is refused with the figures")
  func sharedFileSystem() throws {
    let error = #expect(throws: PawlError.self) {
      try forecast.check(on: SmallDisk(free: 64 << 20))
    }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("64 MiB free") == true)
    #expect(error?.message.contains("build, staging, modules, boot") == true)
    try forecast.check(on: SmallDisk(free: 64 << 30))
  }

  @Test("what building a module needs is counted, staged and installed, where it is asked for")
  func headers() {
    let more = SpaceForecast(
      config: "CONFIG_A=y\nCONFIG_B=m\nCONFIG_DEBUG_INFO=y\n", work: "/var/tmp/w", root: "/",
      sourceIsThere: true, headers: true)
    let bytes = { (forecast: SpaceForecast) in forecast.components.map(\.bytes).reduce(0, +) }
    #expect(bytes(more) - bytes(forecast) == 180 << 20)
    #expect(more.components.contains { $0.path == "/usr/src" && $0.bytes > 61_000_000 })
  }

  @Test("every component says what it needs and what is there")
  func lines() {
    let lines = forecast.lines(on: SmallDisk(free: 1 << 30))
    #expect(lines.count == 4)
    #expect(lines.allSatisfy { $0.contains("MiB needed") && $0.contains("1024 MiB free") })
  }
}
