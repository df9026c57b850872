import PawlModel
import Testing

@Suite("What happens to a build folder before make goes on in it")
struct TreeTreatmentTests {
  private static let mark = "pawl workspace 1"

  private func tree(
    mark: String? = mark, inode: UInt64 = 7, fileSystem: String = "ext4", mount: UInt64 = 3,
    boot: BootID = "boot-1", fingerprint: [String: String] = ["make": "a"], cutoff: Int64 = 100,
    isLeftOpen: Bool = false
  ) -> BuildTree {
    BuildTree(
      folder: "/o", mark: mark, inode: inode, fileSystem: fileSystem, source: "disk", mount: mount,
      bootID: boot, fingerprint: fingerprint, cutoff: cutoff, isLeftOpen: isLeftOpen)
  }

  private func treatment(
    _ before: BuildTree?, _ now: BuildTree, endWasSeen: Bool = false, checkpoint: Int64? = nil,
    sample: Int64? = nil, wall: Int64 = 10_000
  ) -> TreeTreatment {
    .of(
      before: before, endWasSeen: endWasSeen, checkpoint: checkpoint,
      sample: sample.map { CutoffSample(token: "t", bootID: "boot-1", cutoff: $0) }, now: now,
      wallNanos: wall)
  }

  private func word(_ treatment: TreeTreatment) -> String {
    switch treatment {
    case .trust: "trust"
    case .removeInFlight: "remove"
    case .repairAfterCut: "repair"
    case .clean: "clean"
    case .refuse: "refuse"
    }
  }

  @Test("a first attempt trusts the folder, unless another build there was not seen to end")
  func first() {
    #expect(treatment(nil, tree()) == .trust)
    #expect(word(treatment(nil, tree(isLeftOpen: true))) == "clean")
    #expect(word(treatment(nil, tree(mark: nil, isLeftOpen: true))) == "refuse")
  }

  @Test("an attempt that was seen to end left nothing half done, in whatever boot")
  func seenToEnd() {
    #expect(treatment(tree(), tree(boot: "boot-2"), endWasSeen: true) == .trust)
  }

  @Test("after a kill the newest sample counts, then the checkpoint, then the attempt's start")
  func killed() {
    #expect(
      treatment(tree(), tree(), checkpoint: 500, sample: 900) == .removeInFlight(cutoff: 900))
    #expect(treatment(tree(), tree(), checkpoint: 500) == .removeInFlight(cutoff: 500))
    #expect(treatment(tree(), tree()) == .removeInFlight(cutoff: 100))
  }

  @Test("another boot, or a file system mounted anew, is a power cut: only what was synced counts")
  func cut() {
    for now in [tree(boot: "boot-2"), tree(mount: 4)] {
      #expect(treatment(tree(), now, checkpoint: 500, sample: 900) == .repairAfterCut(cutoff: 500))
      #expect(treatment(tree(), now) == .repairAfterCut(cutoff: 100))
    }
  }

  @Test("what times cannot tell is built anew: other tools, an unordered disk, a clock behind")
  func built() {
    #expect(word(treatment(tree(), tree(fingerprint: ["make": "b"]))) == "clean")
    #expect(word(treatment(tree(), tree(fingerprint: ["make": "a", "gcc": "c"]))) == "clean")
    let btrfs = tree(fileSystem: "btrfs")
    #expect(word(treatment(btrfs, tree(fileSystem: "btrfs", boot: "boot-2"))) == "clean")
    #expect(word(treatment(tree(), tree(boot: "boot-2"), checkpoint: 500, wall: 499)) == "clean")
  }

  @Test("nothing is removed from another folder, nor from one that Pawl did not make")
  func others() {
    #expect(word(treatment(tree(), tree(inode: 8))) == "refuse")
    #expect(word(treatment(tree(), tree(mark: "another"))) == "refuse")
    #expect(word(treatment(tree(mark: nil), tree(mark: nil))) == "refuse")
  }
}
