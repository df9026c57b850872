import Foundation
import Glibc
import PawlModel

/// Puts the boot hook in place, takes it away, and says how it stands. Links are made by hand, so
/// that the same works below another root.
public struct BootHook {
  public enum Standing: Sendable, Hashable {
    case installed
    case missing
    /// Sentences: what differs from what would be installed.
    case incomplete([String])
  }

  public let root: String
  public let system: InitSystem
  private let wanted: [HookFile]
  private let files: any HostFiles

  public init(root: String, system: InitSystem, texts: HookFiles, files: any HostFiles) {
    self.root = root == "/" ? "" : root
    self.system = system
    let below = self.root
    let exists = { (path: String) in access(below + path, F_OK) == 0 }
    wanted =
      texts.files(for: system, hasDebianScripts: exists("/etc/init.d/checkroot.sh"))
      + texts.withoutProgram(for: system) + texts.packageHooks(existing: exists)
    self.files = files
  }

  /// nil where neither is there. OpenRC only where systemd is not what runs as the first process.
  public static func initSystem(root: String) -> InitSystem? {
    let root = root == "/" ? "" : root
    let marks: [(InitSystem, [String])] = [
      (.systemd, ["/lib/systemd/systemd", "/usr/lib/systemd/systemd"]),
      (.openrc, ["/sbin/openrc-run", "/usr/sbin/openrc-run"]),
    ]
    if root.isEmpty, access("/run/systemd/system", F_OK) == 0 { return .systemd }
    if root.isEmpty, access("/run/openrc", F_OK) == 0 { return .openrc }
    // What is installed there starts nothing.
    let host = HostRoot(path: root)
    if WSLDetection.detect(root: host).version == 2, !WindowsSide.detect(root: host).systemd {
      return .wsl
    }
    return marks.first { $0.1.contains { access(root + $0, F_OK) == 0 } }?.0
  }

  /// Idempotent. Files before links: a link that leads nowhere is a message at every boot. What is
  /// refused is refused before the first of them.
  public func install() throws {
    try command?.requireFree()
    for file in wanted {
      try put(file)
      for link in file.links { try makeLink(link, to: file.path) }
    }
    for link in HookFiles.links where !isTaken(link) { try makeLink(link.path, to: link.target) }
    try command?.set()
  }

  /// Before its script, for the same reason.
  public func remove() throws {
    try command?.unset()
    for file in wanted {
      for link in file.links where leads(link, to: file.path) { unlink(root + link) }
      let present = try files.state(at: root + file.path)
      guard present != .absent else { continue }
      try files.remove(at: root + file.path, expecting: present, as: LiveHost.ownIdentity())
    }
    for link in HookFiles.links where leads(link.path, to: link.target) { unlink(root + link.path) }
  }

  public func standing() throws -> Standing {
    var faults: [String] = []
    var isAnyThere = false
    for file in wanted {
      let present = try files.state(at: root + file.path)
      if present == .absent {
        faults.append("\(file.path) is missing.")
        continue
      }
      isAnyThere = true
      if present.digest != SHA256.hash(Array(file.content.utf8)) {
        faults.append("\(file.path) is not as this Pawl would write it.")
      }
      for link in file.links where !leads(link, to: file.path) {
        faults.append("\(file.path) is not started at boot: \(link) is missing.")
      }
    }
    guard isAnyThere else { return .missing }
    if let fault = command?.fault { faults.append(fault) }
    return faults.isEmpty ? .installed : .incomplete(faults)
  }

  private var command: WSLBootCommand? {
    guard system == .wsl else { return nil }
    return WSLBootCommand(root: HostRoot(path: root), files: files)
  }

  private func put(_ file: HookFile) throws {
    let path = root + file.path
    let present = try files.state(at: path)
    if present.digest == SHA256.hash(Array(file.content.utf8)) { return }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try files.makeFolder(at: folder, mode: 0o755, as: LiveHost.ownIdentity())
    _ = try files.publish(
      at: path, metadata: nil, mode: file.mode, replacing: present, as: LiveHost.ownIdentity()
    ) { try $0(Array(file.content.utf8)) }
  }

  private func makeLink(_ link: String, to target: String) throws {
    guard !leads(link, to: target) else { return }
    let folder = URL(fileURLWithPath: root + link).deletingLastPathComponent().path
    try files.makeFolder(at: folder, mode: 0o755, as: LiveHost.ownIdentity())
    guard symlink(target, root + link) == 0 else {
      throw PawlError(
        .cannotCreate, "\(link) could not be made: \(String(cString: strerror(errno))).",
        hint: "Remove what stands there, then run `pawl boot-hook install` again.")
    }
    try files.sync(fileSystemsOf: [folder])
  }

  /// Something of somebody else's stands there: a message at consoles is not worth a fault.
  private func isTaken(_ link: HookLink) -> Bool {
    var found = stat()
    return lstat(root + link.path, &found) == 0 && !leads(link.path, to: link.target)
  }

  private func leads(_ link: String, to target: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: root + link)) == target
  }
}
