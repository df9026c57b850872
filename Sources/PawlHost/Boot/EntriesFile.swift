import Foundation
import PawlModel

/// `/boot/pawl/entries.json`: what Pawl wants of the boot menu. On the file system of the kernels,
/// readable without a journal, so that whoever finds a host in the middle of a plan can see what was
/// meant.
public struct EntriesFile {
  private let root: HostRoot
  private let files: any HostFiles

  public init(root: HostRoot, files: any HostFiles) {
    self.root = root
    self.files = files
  }

  /// nil where Pawl wants nothing. Throws where the file cannot be read: that is not the same.
  public func read() throws -> PawlEntries? {
    switch root.read(PawlEntries.path, limit: 1 << 20) {
    case .absent: return nil
    case .unreadable(let reason): throw damaged(reason)
    case .present(let bytes):
      do {
        return try JSONDecoder().decode(PawlEntries.self, from: Data(bytes))
      } catch { throw damaged("it is not as Pawl writes it") }
    }
  }

  /// What survives a power cut: the old file or the new one.
  public func write(_ entries: PawlEntries) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let bytes = [UInt8](try encoder.encode(entries)) + Array("\n".utf8)
    let place = root.path(PawlEntries.path)
    let folder = String(place.dropLast("/entries.json".count))
    try files.makeFolder(at: folder, mode: 0o755, as: LiveHost.ownIdentity())
    let present = try files.state(at: place)
    if present.digest == SHA256.hash(bytes) { return }
    _ = try files.publish(
      at: place, metadata: nil, mode: 0o644, replacing: present, as: LiveHost.ownIdentity()
    ) { try $0(bytes) }
  }

  private func damaged(_ why: String) -> PawlError {
    PawlError(
      .needsPerson, "\(PawlEntries.path) cannot be read: \(why).",
      hint: "It says what Pawl wants of the boot menu. `pawl history backups` has older ones.")
  }
}
