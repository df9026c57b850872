import PawlModel
import Testing

@testable import PawlRecipes

@Suite("Nothing that the old kernel reads at its boot is changed before the new one was tried")
struct SharedConfigurationTests {
  private func plan(trial: Bool = true) throws -> FrozenPlan {
    var facts = hostFacts()
    facts.values["boot_plan"] = trial ? "trial" : "menu"
    return try RecipePlanner.plan(
      recipe: try shipped("kernel-rebuild"), settings: [:], facts: facts)
  }

  private func step(_ path: String) -> FrozenStep {
    FrozenStep(
      id: StepID("vfio"), label: "Give the card to vfio",
      action: .writeFile(path: path, content: "options vfio-pci ids=10de:1c03\n", mode: 0o644),
      risk: .medium, needsRoot: true, runsAs: .root)
  }

  @Test(
    "a step before the restart that writes such a file is refused, and named",
    arguments: [
      "/etc/modprobe.d/vfio.conf", "/etc/modules-load.d/pawl.conf", "/etc/modules", "/etc/fstab",
      "/etc/udev/rules.d/10-vfio.rules", "/etc/crypttab",
    ])
  func refuses(_ path: String) throws {
    var plan = try plan()
    let restart = try #require(plan.steps.firstIndex { $0.action.trialTerms != nil })
    plan.steps.insert(step(path), at: restart)
    let error = #expect(throws: PawlError.self) {
      try SharedConfiguration.refuseBeforeTrial(plan)
    }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("\"vfio\" changes \(path) before") == true)
    #expect(error?.hint?.contains("after the restart") == true)
  }

  @Test("after the restart, without a trial, or of another name it may be written")
  func allows() throws {
    var plan = try plan()
    try SharedConfiguration.refuseBeforeTrial(plan)
    plan.steps.insert(step("/etc/modules.old"), at: 0)
    plan.steps.append(step("/etc/modprobe.d/vfio.conf"))
    try SharedConfiguration.refuseBeforeTrial(plan)
    var without = try self.plan(trial: false)
    without.steps.insert(step("/etc/modprobe.d/vfio.conf"), at: 0)
    try SharedConfiguration.refuseBeforeTrial(without)
  }
}
