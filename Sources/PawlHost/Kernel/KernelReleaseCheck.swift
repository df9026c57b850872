import Foundation
import PawlModel

/// Asks the tree itself what its kernel will be called, before an hour of building: a release
/// that is installed already would take its modules away first.
public struct KernelReleaseCheck {
  public let source: String
  public let build: String
  public let root: String
  public let release: String

  public init(source: String, build: String, root: String, release: String) {
    self.source = source
    self.build = build
    self.root = root
    self.release = release
  }

  public func check(with tool: Tool) throws {
    try tool.run(["make", "-C", source, "O=\(build)", "include/config/kernel.release"])
    let file = "\(build)/include/config/kernel.release"
    let built = (try? String(contentsOfFile: file, encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard built == release else {
      throw PawlError(
        .stepFailed, "The kernel would be called \(built ?? "nothing"), the plan says \(release).",
        hint: "Another localversion is at work: look at localversion* files and .config.")
    }
    let host = HostRoot(path: root)
    let taken = [
      "/lib/modules/\(release)", "/usr/lib/modules/\(release)", "/boot/vmlinuz-\(release)",
    ]
    if let path = taken.first(where: host.exists) {
      throw PawlError(
        .stepFailed, "A kernel \(release) is installed already: \(host.path(path)) is there.",
        hint: "Make a new plan with another --set localversion=")
    }
    print("The kernel will be \(release).")
  }
}
