import Foundation
import Testing

/// `detect` needs no root and changes nothing; its JSON keeps the keys that others rely on.
@Suite struct DetectTests {
  let sandbox: Sandbox
  private let hosts = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/hosts")

  init() throws { sandbox = try Sandbox() }

  private func detect(_ host: String, _ more: String...) throws -> JSON {
    let root = hosts.appending(path: host).path
    let answer = try sandbox.run([Pawl.program, "detect", "--root", root, "--json"] + more)
    #expect(answer.status == 0 && answer.errors.isEmpty, "\(answer)")
    return try JSON(answer.output)
  }

  @Test func aFixtureHostIsDescribedByTheKeysOfTheDesign() throws {
    let found = try detect("debian-12", "--module", "vfio-pci", "--module", "no_such_module")
    let kernel = try found["kernel"]
    let fixed = [
      "version", "config_available", "config_path", "loaded_modules", "module_check",
      "iommu_groups",
    ]
    #expect(kernel.keys.isSuperset(of: fixed))
    #expect(try kernel["version"].string == "6.1.0-50-amd64")
    #expect(try kernel["config_available"].bool)
    #expect(try kernel["config_path"].string == "/boot/config-6.1.0-50-amd64")
    #expect(try kernel["iommu_groups"].list.count == 1)
    let checks = try kernel["module_check"]
    #expect(checks.keys == ["vfio_pci", "no_such_module"])
    for name in checks.keys {
      #expect(try checks[name].keys.isSuperset(of: ["loaded", "compiled", "config_state"]))
    }
    #expect(try !checks["no_such_module"]["compiled"].bool)
    #expect(try checks["no_such_module"]["config_state"].isNull)
    #expect(try found["container"]["in_container"].bool == false)
    #expect(found.has("wsl"))
  }

  @Test func withoutAModuleTheCheckIsEmpty() throws {
    #expect(try detect("debian-12")["kernel"]["module_check"].keys.isEmpty)
  }

  @Test func aContainerAndAWindowsHostAreToldApart() throws {
    #expect(try detect("container")["container"]["in_container"].bool)
    #expect(try detect("wsl-2")["wsl"]["version"].int == 2)
  }

  @Test func theLiveMachineIsDescribedToo() throws {
    let answer = try sandbox.run([Pawl.program, "detect", "--json"])
    #expect(answer.status == 0, "\(answer)")
    let kernel = try JSON(answer.output)["kernel"]
    #expect(try !kernel["version"].string.isEmpty)
    let text = try sandbox.run([Pawl.program, "detect"])
    let version = try kernel["version"].string
    #expect(text.status == 0 && text.output.contains(version))
  }

  @Test func anEmptyRootIsDescribedAsUnknownNotAsAFailure() throws {
    let found = try sandbox.run([Pawl.program, "detect", "--root", sandbox.root, "--json"])
    #expect(found.status == 0, "\(found)")
    #expect(try JSON(found.output)["kernel"]["config_path"].isNull)
  }

  @Test func checkTellsWhetherThisKernelCan() throws {
    let root = hosts.appending(path: "debian-12").path
    func check(_ names: String...) throws -> Answer {
      try sandbox.run([Pawl.program, "check"] + names + ["--root", root])
    }
    let known = try check("VFIO_PCI")
    #expect([0, 1].contains(known.status), "\(known)")
    #expect(known.output.contains("VFIO_PCI"))
    #expect(try check("NO_SUCH_OPTION_AT_ALL").status != 0)
    let json = try sandbox.run(
      [Pawl.program, "check", "bridge", "--root", root, "--json"])
    #expect(try JSON(json.output)["checks"].list.count == 1)
    let list = try check("vfio", "docker")
    #expect(list.status == 1 && list.output.contains("Docker  needs-kernel"), "\(list)")
  }
}

/// In a container the kernel is somebody else's.
@Suite(
  .enabled(
    if: FileManager.default.fileExists(atPath: "/.dockerenv"),
    "this machine is not a Docker container"))
struct ContainerTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  private func planLive(_ recipe: String, _ more: String...) throws -> Answer {
    try sandbox.run([Pawl.program, "plan", recipe, "--journal", sandbox.journal] + more)
  }

  private func expectRefusal(_ answer: Answer) {
    #expect(answer.status == 6, "\(answer)")
    #expect(answer.complaint.count == 2, "a sentence and what to do: \(answer)")
    #expect(answer.complaint.first?.hasPrefix("pawl: This is a container (docker)") == true)
    #expect(!sandbox.exists(sandbox.journal), "nothing was recorded")
  }

  @Test(.enabled(if: Pawl.isRoot, "others are refused for want of root before that"))
  func loadingAModuleOnTheLiveSystemIsRefused() throws {
    expectRefusal(try planLive("module-load", "--set", "module=pawl_none"))
  }

  @Test(.enabled(if: Pawl.isRoot, "others are refused for want of root before that"))
  func changingBootFilesOrRestartingIsRefused() throws {
    let boot = "{label: Boot, risk: high, needs_sudo: true, remove_file: {path: /boot/x}}"
    expectRefusal(try planLive(sandbox.recipe(boot)))
    expectRefusal(try planLive(sandbox.recipe(Steps.restart)))
  }

  @Test func belowAnotherRootTheSameIsAllowed() throws {
    let boot = "{label: Boot, risk: high, needs_sudo: true, remove_file: {path: /boot/x}}"
    #expect(try sandbox.pawl("plan", sandbox.recipe(boot, Steps.restart)).status == 0)
  }
}
