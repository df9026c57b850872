import GRDB
import JournalContract
import PawlJournal
import Testing

@Suite struct ContractTests {
  @Test("The journal keeps every promise of the contract", arguments: JournalContract.promises)
  func promise(_ promise: Promise) throws {
    let journal = try TestJournal()
    try promise.check { try journal.open() }
  }
}
