import Foundation
import Glibc
import PawlModel

/// A file beside the journal that is there while a plan is open: the boot system looks at it alone
/// and starts no process where it is missing. A hint, never the truth: that is in the journal. Made
/// durable before a plan's first step, removed after its last.
public struct OpenPlansMark {
  public let path: String
  private let files: any HostFiles

  public init(journalPath: String, files: any HostFiles) {
    path = Self.path(journalPath: journalPath)
    self.files = files
  }

  public static func path(journalPath: String) -> String { journalPath + ".open" }

  public var isThere: Bool { access(path, F_OK) == 0 }

  /// What survives a power cut: the mark, once this has returned.
  public func make() throws {
    guard !isThere else { return }
    _ = try files.publish(
      at: path, metadata: nil, mode: 0o600, replacing: .absent, as: LiveHost.ownIdentity()
    ) { try $0(Array("Pawl has an open plan; the boot hook looks after it.\n".utf8)) }
  }

  /// A mark too many costs one look at a journal: it is not worth an error.
  public func remove() {
    guard let present = try? files.state(at: path), present != .absent else { return }
    try? files.remove(at: path, expecting: present, as: LiveHost.ownIdentity())
  }
}
