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
}
