import PawlModel
import Testing

@testable import PawlEngine

@Suite("The way back is complete for this host")
struct RescueCardTests {
  @Test("below another root every path names that root")
  func pathsNameTheRoot() throws {
    let frozen = FrozenPlan(
      recipe: "kernel-rebuild", summary: "s", rollback: "as it was", hostName: "h",
      root: "/srv/image", asker: .root, runningRelease: "6.1.0", newRelease: "6.1.5-pawl1",
      steps: [])
    let plan = try PlanRecord(
      id: PlanID(3), frozen: frozen, at: Stamp(wallMillis: 0, bootID: "b", bootMillis: 0),
      sequence: 1)
    let text = RescueCard(plan: plan).text(plan: plan)
    #expect(RescueCard.path(root: "/srv/image") == "/srv/image/boot/pawl-rescue.txt")
    #expect(text.contains("/mnt/srv/image/boot/vmlinuz-6.1.5-pawl1"))
    #expect(text.contains("pawl rollback 3"))
    #expect(text.contains("6.1.0"))
  }

  /// Its image and modules are those of the way back.
  @Test("for a trial of the kernel that runs, no file of that kernel is named for removal")
  func keepsRunningKernel() throws {
    let change = FrozenStep(
      id: "options", label: "l",
      action: .writeFile(
        path: "/etc/modprobe.d/pawl-vfio-pci.conf", content: "x", mode: 0o644),
      risk: .medium, runsAs: .root)
    let frozen = FrozenPlan(
      recipe: "vfio", summary: "s", rollback: "as it was", hostName: "h", asker: .root,
      runningRelease: "6.1.0", newRelease: "6.1.0", steps: [change])
    let plan = try PlanRecord(
      id: PlanID(3), frozen: frozen, at: Stamp(wallMillis: 0, bootID: "b", bootMillis: 0),
      sequence: 1)
    let text = RescueCard(plan: plan).text(plan: plan)
    #expect(!text.contains("rm "))
    #expect(!text.contains("vmlinuz"))
    #expect(text.contains("/mnt/etc/modprobe.d/pawl-vfio-pci.conf"))
    #expect(text.contains("pawl rollback 3"))
  }
}
