import PawlSimulator
import Testing

@Suite("A Pawl with one thing wrong is noticed")
struct MutantTests {
  /// More seeds than any mutant needs; most are noticed within twenty.
  private static let patience: UInt64 = 400

  @Test(
    "the mutant is reported, as a violation of the invariant it breaks",
    arguments: Mutant.all.map(\.name))
  func isNoticed(_ name: String) throws {
    let mutant = try #require(Mutant.all.first { $0.name == name })
    let noticed = (1...Self.patience).contains { seed in
      Simulation(seed: seed, mutant: mutant).run().violations.contains {
        $0.invariant == mutant.breaks
      }
    }
    #expect(noticed, "\(mutant.name): \(Self.patience) seeds, and nobody noticed")
  }

  @Test("every invariant has a mutant that breaks it")
  func everyInvariantHasOne() {
    #expect(Set(Mutant.all.map(\.breaks)) == Set(1...Invariant.count))
  }
}
