import HostContract
import JournalContract
import PawlModel
import PawlSimulator
import Testing

@Suite("The simulated journal and host keep the promises of the real ones")
struct ContractTests {
  @Test("the simulated journal keeps", arguments: JournalContract.promises)
  func journalKeeps(_ promise: Promise) throws {
    let world = World.empty()
    try promise.check { SimulatedJournal(world: world) }
  }

  @Test("the simulated host keeps", arguments: HostContract.promises)
  func hostKeeps(_ promise: HostContract.Promise) throws {
    let host = SimulatedHost(world: .empty())
    try host.makeFolder(at: "/contract", mode: 0o755, as: .root)
    try promise.check(HostContract(host: host, folder: "/contract", identity: .root))
  }

  @Test("a program that is not there is not started, and a token of nobody has no survivors")
  func programs() throws {
    let contract = HostContract(
      host: SimulatedHost(world: .empty()), folder: "/contract", identity: .root)
    try contract.aMissingProgramIsNotStarted()
    try contract.nobodySurvivesWithAnUnusedToken()
  }
}
