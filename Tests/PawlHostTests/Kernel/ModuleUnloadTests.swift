import PawlModel
import Testing

@testable import PawlHost

/// A lab rolled a plan back after a restart: the file was gone, and the module that it had had loaded
/// stayed.
@Suite("What a file of Pawl's had loaded at this boot is taken out, unless something uses it")
struct ModuleUnloadTests {
  private let ground: LoaderGround

  init() throws {
    ground = try LoaderGround()
    try ground.addProgram(
      "modprobe", "sed -i \"/^$(echo \"$2\" | tr - _) /d\" \"$FIXTURE_ROOT/proc/modules\"\n")
  }

  private func unload(_ name: String) throws {
    try ModuleUnload(root: ground.root, tool: ground.tool(processes: LiveHost())).act(name)
  }

  private func standing(after line: String, unloading name: String) throws -> String {
    try ground.lay("/proc/modules", line)
    try unload(name)
    return try ground.text("/proc/modules")
  }

  @Test("One that nothing uses is gone, by whichever spelling of its name")
  func unused() throws {
    #expect(
      try standing(after: "vfio_pci 16384 0 - Live 0x0\n", unloading: "vfio-pci").isEmpty)
  }

  @Test(
    "One that is in use stays",
    arguments: [
      "dummy 16384 1 - Live 0x0\n", "dummy 16384 1 other, Live 0x0\n",
      "dummy 16384 0 [permanent], Live 0x0\n",
    ])
  func used(_ line: String) throws {
    #expect(try standing(after: line, unloading: "dummy") == line)
  }

  @Test("One that is not there is no fault; what cannot be told is one")
  func absent() throws {
    #expect(try standing(after: "", unloading: "dummy").isEmpty)
    try ground.remove("/proc/modules")
    try ground.remove("/proc/sys/kernel/osrelease")
    #expect(throws: PawlError.self) { try unload("dummy") }
  }
}
