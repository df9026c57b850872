import HostContract
import PawlHost
import Testing

@Suite struct LiveHostContractTests {
  private let folder: TemporaryFolder
  private let contract: HostContract

  init() throws {
    folder = try TemporaryFolder()
    contract = HostContract(host: LiveHost(), folder: folder.path, identity: own)
  }

  @Test("the live host keeps", arguments: HostContract.promises)
  func keeps(_ promise: HostContract.Promise) throws { try promise.check(contract) }

  @Test("the exit status of a program is reported")
  func exitStatus() throws {
    try contract.exitStatusIsReported(["true"], status: 0)
    try contract.exitStatusIsReported(["/usr/bin/env", "sh", "-c", "exit 7"], status: 7)
  }

  @Test("output and errors are handed out in order")
  func output() throws {
    try contract.outputIsHandedOut(
      ["sh", "-c", "echo one; echo two >&2; echo three"], expecting: "one\ntwo\nthree\n")
  }

  @Test("a program that is not there is not started, and says so")
  func missing() throws { try contract.aMissingProgramIsNotStarted() }

  @Test("a program that takes too long is ended")
  func timeout() throws { try contract.aLongProgramTimesOut(["sleep", "60"]) }

  @Test("a watcher can stop a program")
  func stop() throws { try contract.aWatcherCanStop(["sleep", "60"]) }

  @Test("a token that nobody carries finds nobody")
  func survivors() throws { try contract.nobodySurvivesWithAnUnusedToken() }
}
