import Foundation
import Glibc
import PawlHost
import PawlModel

/// A folder of a test's own, below the test run's temporary folder, gone with the test.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    path = base + "/pawl-test-" + random
    guard mkdir(path, 0o755) == 0 else { throw PawlError(.internalFault, "no \(path)") }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }
}

let own = LiveHost.ownIdentity()

/// A user that is not this process's, for tests that change who acts.
let stranger = Identity(uid: 65534, gid: 65534, groups: [], name: "nobody", home: "/")

@discardableResult
func write(_ text: String, at path: String) throws -> FileState {
  guard let file = fopen(path, "we") else { throw PawlError(.internalFault, "no \(path)") }
  fputs(text, file)
  fclose(file)
  return try LiveHost().state(at: path)
}

func publish(
  _ text: String, at path: String, replacing: FileState = .absent, host: LiveHost = LiveHost(),
  as identity: Identity = own
) throws -> FileState {
  try host.publish(at: path, metadata: nil, mode: nil, replacing: replacing, as: identity) {
    try $0(Array(text.utf8))
  }
}

func refusal(_ body: () throws -> Void) -> PawlError? {
  do { try body() } catch { return error as? PawlError }
  return nil
}
