import Foundation
import PawlModel

/// Throws one sentence where this machine has no strace.
func requireStrace() throws {
  let folders = ["/usr/bin", "/usr/local/bin", "/bin"]
  guard folders.contains(where: { FileManager.default.isExecutableFile(atPath: $0 + "/strace") })
  else {
    throw PawlError(.noInput, "This test needs strace: apt-get install strace.")
  }
}
