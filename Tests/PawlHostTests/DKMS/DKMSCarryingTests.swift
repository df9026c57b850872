import PawlModel
import Testing

@testable import PawlHost

@Suite("The running kernel's drivers of DKMS are there for the new one, or it is not tried")
struct DKMSCarryingTests {
  private let host: DKMSGround
  private let new = DKMSKernel.ofThisMachine(LoaderGround.new)
  private var ground: LoaderGround { host.ground }
  private var folder: String { "/lib/modules/\(new.release)" }

  init() throws {
    host = try DKMSGround()
    try host.build().register()
    try host.build().run()
    try host.install().run()
    try ground.lay("\(folder)/modules.dep", "")
    for name in ["Makefile", ".config", "include/generated/autoconf.h"] {
      try ground.lay("\(folder)/build/\(name)", "")
    }
  }

  private var modules: [DKMSModule] { installed(for: LoaderGround.running) }

  private func installed(for release: String) -> [DKMSModule] {
    DKMSTree.read(root: host.root).value?.installed(for: release) ?? []
  }

  private func carrying(needsSignatures: Bool = false) -> DKMSCarrying {
    DKMSCarrying(
      root: host.root, kernel: new, tool: ground.tool(processes: LiveHost()), files: LiveHost(),
      information: ground.output(processes: LiveHost()), needsSignatures: needsSignatures)
  }

  @Test("what the running kernel has is built for the new one, and found there, file by file")
  func builds() throws {
    #expect(modules == [DKMSGround.module])
    try carrying().build(modules)
    #expect(
      try carrying().verify(modules) == ["\(folder)/updates/dkms/demo.ko: \(new.release) SMP"])
    let asked = ground.record.count
    // Once more: what is whole is left. Only modinfo is asked.
    try carrying().build(modules)
    #expect(ground.record.dropFirst(asked).allSatisfy { $0.hasPrefix("modinfo") })
  }

  @Test("what is only registered, or built for another kernel, is not asked for")
  func onlyInstalled() throws {
    try host.layModule("2.0")
    try host.build(DKMSModule(name: "demo", version: "2.0")).register()
    #expect(modules == [DKMSGround.module])
    #expect(installed(for: new.release) == [])
  }

  @Test("one that cannot be built for it ends the step, with the reason")
  func explains() throws {
    try ground.lay(
      "/usr/src/demo-1.0/FAILS", "/x/demo.c:9:3: error: implicit declaration of function ‘f’\n")
    let fault = #expect(throws: PawlError.self) { try carrying().build(modules) }
    #expect(fault?.message.contains("its source does not fit this kernel") == true)
    #expect(throws: PawlError.self) { try carrying().verify(modules) }
  }

  @Test("an unsigned one does where signatures are not asked for, and not where they are")
  func signatures() throws {
    try carrying().build(modules)
    let fault = #expect(throws: PawlError.self) {
      try carrying(needsSignatures: true).verify(modules)
    }
    #expect(fault?.message.contains("is not signed") == true)
  }

  @Test(
    "taken back, whole or in part, the new kernel has none of it and the running one keeps its own")
  func removes() throws {
    try carrying().build(modules)
    try carrying().remove(modules)
    #expect(!host.root.exists("\(folder)/updates/dkms/demo.ko"))
    #expect(!host.root.exists(DKMSGround.module.built(for: new)))
    _ = try host.verify()
    // A build that was cut off; and once more, with nothing there.
    try ground.lay("\(DKMSGround.module.built(for: new))/module/demo.ko", "torn")
    try carrying().remove(modules)
    try carrying().remove(modules)
    #expect(!host.root.exists(DKMSGround.module.built(for: new)))
    #expect(modules == [DKMSGround.module])
  }
}
