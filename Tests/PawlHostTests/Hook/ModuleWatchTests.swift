import Foundation
import PawlModel
import Testing

@testable import PawlHost

@Suite("A module that keeps the host from booting is loaded once, and not again")
struct ModuleWatchTests {
  private let file = "/etc/modules-load.d/pawl-loop.conf"

  private func host() throws -> FakeHost {
    try FakeHost().folder("/run").write(file, "loop\n")
  }

  private func watch(_ host: FakeHost) -> ModuleWatch {
    ModuleWatch(root: host.root, files: LiveHost(), identity: own)
  }

  @Test("a boot that came to its end proves it, and the watch ends")
  func completes() throws {
    let host = try host()
    try watch(host).watch([file])
    #expect(host.root.exists(ModuleWatch.path))
    #expect(try watch(host).beginBoot("one").isEmpty)
    try watch(host).completeBoot("one")
    #expect(!host.root.exists(ModuleWatch.path))
    #expect(try watch(host).beginBoot("two").isEmpty)
    #expect(host.root.text(file) == .present("loop\n"))
  }

  @Test("after one boot that did not complete, its file is moved aside and that is told")
  func movesAside() throws {
    let host = try host()
    try watch(host).watch([file])
    _ = try watch(host).beginBoot("one")
    let told = try watch(host).beginBoot("two")
    #expect(told.count == 1 && told[0].contains("did not come to its end"))
    #expect(!host.root.exists(file))
    #expect(host.root.text(file + ".moved-aside") == .present("loop\n"))
    #expect(watch(host).told == told)
    #expect(!host.root.exists(ModuleWatch.path))
    #expect(try watch(host).beginBoot("three").isEmpty)
  }

  @Test("a phase that runs twice in a boot, and a cut before it was written down, change nothing")
  func repeats() throws {
    let host = try host()
    try watch(host).watch([file])
    try watch(host).watch([file])
    #expect(try watch(host).beginBoot("one").isEmpty)
    #expect(try watch(host).beginBoot("one").isEmpty)
    #expect(host.root.exists(file))
  }

  @Test("only the module that was new is suspected")
  func others() throws {
    let host = try host()
    let second = "/etc/modules-load.d/pawl-dummy.conf"
    try watch(host).watch([file])
    _ = try watch(host).beginBoot("one")
    try watch(host).completeBoot("one")
    try host.write(second, "dummy\n")
    try watch(host).watch([second])
    _ = try watch(host).beginBoot("two")
    _ = try watch(host).beginBoot("three")
    #expect(host.root.exists(file) && !host.root.exists(second))
  }

  @Test("a file that a rollback took away is forgotten; a watch that is damaged moves nothing")
  func gone() throws {
    let host = try host()
    try watch(host).watch([file])
    try FileManager.default.removeItem(atPath: host.path + file)
    #expect(try watch(host).beginBoot("one").isEmpty)
    #expect(!host.root.exists(ModuleWatch.path))
    try host.write(ModuleWatch.path, "/etc/passwd\tzero\n\u{0}\u{0}")
    try host.write("/etc/passwd", "root")
    #expect(try watch(host).beginBoot("two").isEmpty)
    #expect(host.root.exists("/etc/passwd"))
  }

  @Test("only what Pawl has loaded at every boot is watched")
  func paths() {
    func write(_ path: String) -> FrozenStep {
      FrozenStep(
        id: StepID(path), label: "l", action: .writeFile(path: path, content: "", mode: 0o644),
        risk: .low, runsAs: .root)
    }
    let plan = FrozenPlan(
      recipe: "r", summary: "s", rollback: "r", hostName: "h", asker: .root,
      steps: [write(file), write("/etc/motd"), write("/etc/modules-load.d/mine.conf")])
    #expect(ModuleWatch.paths(of: plan) == [file])
  }
}
