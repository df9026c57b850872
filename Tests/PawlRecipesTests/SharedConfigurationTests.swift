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
    let plan = try plan()
    let restart = try #require(plan.steps.firstIndex { $0.action.trialTerms != nil })
    // The one after it is the promotion: a cut before that brings the old kernel.
    for place in [0, restart, restart + 1] {
      var plan = plan
      plan.steps.insert(step(path), at: place)
      let error = #expect(throws: PawlError.self) {
        try SharedConfiguration.refuseBeforeTrial(plan)
      }
      #expect(error?.code == .refused)
      #expect(error?.message.contains("\"vfio\" changes \(path) before") == true)
      #expect(error?.hint?.contains("after the promotion") == true)
    }
  }

  @Test("a tree that is copied there is refused as well")
  func refusesTrees() throws {
    var plan = try plan()
    var tree = step("/etc/motd")
    tree.action = .copyTree(from: "/srv/udev", to: "/etc/udev/rules.d")
    plan.steps.insert(tree, at: 0)
    #expect(throws: PawlError.self) { try SharedConfiguration.refuseBeforeTrial(plan) }
  }

  @Test("after the promotion, without a trial, or of another name it may be written")
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
