import PawlModel
import Testing

@Suite("A trial is told with two names, also where one kernel is tried against itself")
struct TrialNamesTests {
  @Test("two releases are called by themselves")
  func releases() {
    let names = TrialNames(new: "6.12.1-pawl1", old: "6.1.0-42-amd64")
    #expect(names.new == "6.12.1-pawl1")
    #expect(names.old == "6.1.0-42-amd64")
  }

  /// A plan for vfio that failed said that 6.1.0 was tried and the host back on 6.1.0.
  @Test("one release is told apart by what is tried of it")
  func one() {
    let names = TrialNames(new: "6.1.0-42-amd64", old: "6.1.0-42-amd64")
    #expect(names.new == "6.1.0-42-amd64 with its new initramfs")
    #expect(names.old == "6.1.0-42-amd64 as it was")
  }
}
