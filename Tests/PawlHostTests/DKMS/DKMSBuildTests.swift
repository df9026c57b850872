import PawlModel
import Testing

@testable import PawlHost

@Suite("A module is built and installed with DKMS, whose words and exit status are not believed")
struct DKMSBuildTests {
  private let host: DKMSGround
  private var ground: LoaderGround { host.ground }

  init() throws { host = try DKMSGround() }

  private func buildAll() throws {
    try host.build().register()
    try host.build().run()
    try host.install().run()
  }

  @Test("It is registered, built, installed, and found in the kernel's folder, file by file")
  func happyPath() throws {
    try buildAll()
    let found = try host.verify()
    #expect(found == ["\(DKMSGround.installed): \(LoaderGround.running) SMP"])
    #expect(
      ground.record.first == "dkms add -m demo -v 1.0"
        && ground.record.contains("dkms build -m demo -v 1.0 -k \(LoaderGround.running)"))
    // Once more is no fault.
    try buildAll()
    _ = try host.verify()
  }

  @Test("What a build that was cut off left is never taken for built, nor in the way of the next")
  func afterCut() throws {
    try host.build().register()
    // Torn: DKMS would say "already built, skip".
    try ground.lay(DKMSGround.built, "")
    try host.build().run()
    #expect(try ground.text(DKMSGround.built).contains("built of 1.0"))
    // Begun: DKMS would refuse for ever, "has already been built".
    try ground.remove(DKMSGround.built)
    try host.build().run()
    #expect(try ground.text(DKMSGround.built).contains("built of 1.0"))
  }

  @Test("An installed module that was torn since is put back, though DKMS would skip it")
  func repairs() throws {
    try buildAll()
    try ground.lay(DKMSGround.installed, "torn")
    let fault = #expect(throws: PawlError.self) { try host.verify() }
    #expect(
      fault?.message.contains("is not what DKMS built") == true, "\(String(describing: fault))")
    try host.install().run()
    _ = try host.verify()
  }

  @Test("A failed build is explained from make's log")
  func explains() throws {
    try host.build().register()
    try ground.lay(
      "/usr/src/demo-1.0/FAILS",
      "make[1]: Entering directory\n/x/demo.c:9:3: error: implicit declaration of function ‘f’\n")
    let fault = #expect(throws: PawlError.self) { try host.build().run() }
    #expect(fault?.message.contains("its source does not fit this kernel: /x/demo.c:9:3") == true)
    #expect(fault?.hint?.contains("/var/lib/dkms/demo/1.0/build/make.log") == true)
  }

  @Test("A module of another kernel, an unsigned one and a hidden one are told apart")
  func doubts() throws {
    try buildAll()
    let unsigned = #expect(throws: PawlError.self) { try host.verify(needsSignatures: true) }
    #expect(unsigned?.message.contains("is not signed") == true)
    for path in [DKMSGround.built, DKMSGround.installed] {
      try ground.lay(path, "vermagic=5.10.0-1-amd64 SMP\n")
    }
    let other = #expect(throws: PawlError.self) { try host.verify() }
    #expect(other?.message.contains("was built for 5.10.0-1-amd64") == true)
    try ground.lay("\(DKMSGround.folder)/modules.dep", "kernel/drivers/demo.ko:\n")
    let hidden = #expect(throws: PawlError.self) { try host.verify() }
    #expect(hidden?.message.contains("would load kernel/drivers/demo.ko") == true)
    try ground.remove(DKMSGround.installed)
    let missing = #expect(throws: PawlError.self) { try host.verify() }
    #expect(missing?.message.contains("demo is not in") == true)
  }

  // MARK: - The way back

  @Test("Taken back, nothing of it is left, and it is no longer registered")
  func takesBack() throws {
    try buildAll()
    // The engine puts the files back first: here there was none.
    try ground.remove(DKMSGround.installed)
    try host.install().restore(nil)
    try ground.remove(DKMSGround.built)
    try host.build().clearUnfinished()
    try host.build().forget()
    #expect(!host.root.exists("/var/lib/dkms/demo/1.0"))
    #expect(try ground.text("\(DKMSGround.folder)/modules.dep").isEmpty)
  }

  @Test("Taken back, the version of before is what the kernel has, and DKMS says so")
  func takesBackToVersion() throws {
    try buildAll()
    let newer = DKMSModule(name: "demo", version: "2.0")
    try host.layModule("2.0")
    try host.build(newer).register()
    try host.build(newer).run()
    try host.install(newer).run()
    #expect(DKMSModule.installed("demo", for: DKMSGround.kernel, root: host.root) == newer)
    try host.install(newer).restore("1.0")
    #expect(
      DKMSModule.installed("demo", for: DKMSGround.kernel, root: host.root) == DKMSGround.module)
    _ = try host.verify()
  }

  @Test("A module that was built for another kernel meanwhile stays registered")
  func staysRegistered() throws {
    try buildAll()
    try host.build().forget()
    #expect(DKMSGround.module.isRegistered(root: host.root))
  }
}
