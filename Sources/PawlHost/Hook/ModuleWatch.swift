import Foundation
import Glibc
import PawlModel

/// Modules that Pawl has the host load at every boot, until one boot with them came to its end. A
/// module that hangs the boot would do so at every boot: after one that did not complete its file is
/// moved aside, before modules are loaded.
///
/// A file beside the files that it is about, so that it is there as early as they are; the journal
/// may lie on a disk that comes up later. What survives a power cut: every change, once its call has
/// returned; a cut in the middle leaves the state before it.
public struct ModuleWatch {
  /// As a path of the system below the root. The boot system starts nothing where it is missing.
  public static let path = "/etc/pawl-modules-on-trial"
  /// What was moved aside is told in this boot.
  public static let reportPath = "/run/pawl-modules-aside"
  public static let folder = "/etc/modules-load.d"
  static let aside = ".moved-aside"

  private let root: HostRoot
  private let files: any HostFiles
  private let identity: Identity

  public init(root: HostRoot = .live, files: any HostFiles, identity: Identity) {
    self.root = root
    self.files = files
    self.identity = identity
  }

  /// One file, and the boot that first loaded it; nil before that.
  private struct Entry: Hashable {
    var path: String
    var triedIn: BootID?
  }

  /// What a plan is about to have loaded at every boot: watched from before it is written.
  public static func paths(of plan: FrozenPlan) -> [String] {
    plan.steps.flatMap(\.action.editedPaths).filter {
      $0.hasPrefix(folder + "/pawl-") && $0.hasSuffix(".conf")
    }
  }

  public func watch(_ paths: [String]) throws {
    let known = entries()
    let new = paths.filter { path in !known.contains { $0.path == path } }
    guard !new.isEmpty else { return }
    try write(known + new.map { Entry(path: $0) })
  }

  /// Before modules are loaded. Returns what was moved aside, in sentences.
  public func beginBoot(_ boot: BootID) throws -> [String] {
    var kept: [Entry] = []
    var told: [String] = []
    for entry in entries() where root.exists(entry.path) {
      guard let before = entry.triedIn, before != boot else {
        kept.append(Entry(path: entry.path, triedIn: boot))
        continue
      }
      try moveAside(entry.path)
      told.append(
        "The boot before this one, the first with \(entry.path), did not come to its end. The file "
          + "was moved aside to \(entry.path)\(Self.aside), and its module was not loaded.")
    }
    try write(kept)
    if !told.isEmpty { report(told) }
    return told
  }

  /// The boot has come to its end: what it loaded has proved itself.
  public func completeBoot(_ boot: BootID) throws {
    let left = entries().filter { $0.triedIn != boot && root.exists($0.path) }
    try write(left)
  }

  /// What was moved aside in this boot.
  public var told: [String] {
    root.text(Self.reportPath).value?.split(separator: "\n").map(String.init) ?? []
  }

  // MARK: - Files

  /// By rename: the bytes are kept, and the name no longer ends in what is read.
  private func moveAside(_ path: String) throws {
    let (old, new) = (root.path(path), root.path(path + Self.aside))
    guard rename(old, new) == 0 else {
      throw PawlError(
        .inputOutput, "\(path) could not be moved aside: \(String(cString: strerror(errno))).",
        hint: "Remove it: the boot with its module did not come to its end.")
    }
    try files.sync(fileSystemsOf: [root.path(Self.folder)])
  }

  private func entries() -> [Entry] {
    (root.text(Self.path).value ?? "").split(separator: "\n").compactMap { line in
      let words = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard words.count == 2, words[0].hasPrefix(Self.folder + "/") else { return nil }
      return Entry(path: String(words[0]), triedIn: words[1] == "-" ? nil : String(words[1]))
    }
  }

  private func write(_ entries: [Entry]) throws {
    let place = root.path(Self.path)
    let present = try files.state(at: place)
    guard !entries.isEmpty else {
      if present != .absent { try files.remove(at: place, expecting: present, as: identity) }
      return
    }
    let text = entries.map { "\($0.path)\t\($0.triedIn ?? "-")\n" }.joined()
    let bytes = Array(text.utf8)
    guard present.digest != SHA256.hash(bytes) else { return }
    _ = try files.publish(
      at: place, metadata: nil, mode: 0o600, replacing: present, as: identity
    ) { try $0(bytes) }
  }

  /// In memory; where that fails, standard error still has it.
  private func report(_ lines: [String]) {
    let text = (told + lines).map { $0 + "\n" }.joined()
    try? Data(text.utf8).write(to: URL(fileURLWithPath: root.path(Self.reportPath)))
  }
}
