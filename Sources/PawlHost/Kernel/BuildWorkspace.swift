import Foundation
import Glibc
import PawlModel

/// The folder that a build happens in: made by Pawl, owned by the build user, marked with a
/// number of its own. Nothing is ever repaired or removed in a folder without that mark.
public struct BuildWorkspace {
  public let path: String

  public init(path: String) { self.path = path }

  public var markPath: String { path + "/.pawl-workspace" }

  /// Takes a folder that is marked as its own user's already; refuses any other that exists.
  public func make(with files: any HostFiles) throws {
    let me = LiveHost.ownIdentity()
    if FileManager.default.fileExists(atPath: path) {
      guard isOurs else {
        throw PawlError(
          .refused, "\(path) exists and is no work folder of Pawl's.",
          hint: "Name a folder that does not exist: --set work=DIR")
      }
    } else {
      try files.makeFolder(at: path, mode: 0o755, as: me)
      _ = try files.publish(
        at: markPath, metadata: nil, mode: 0o644, replacing: .absent, as: me
      ) { try $0(Array("pawl workspace \(UUID().uuidString.lowercased())\n".utf8)) }
    }
    for name in ["build", "stage"] {
      try files.makeFolder(at: "\(path)/\(name)", mode: 0o755, as: me)
    }
    print("The work folder is \(path).")
  }

  private var isOurs: Bool {
    var status = stat()
    guard lstat(markPath, &status) == 0, status.st_uid == geteuid() else { return false }
    return status.st_mode & S_IFMT == S_IFREG
  }
}
