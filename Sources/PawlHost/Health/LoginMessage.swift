import Foundation
import PawlModel

/// What people read when they log in: a file in a folder that pam_motd(8) shows, and one that
/// agetty(8) shows before the login at a console. In memory, so that a message never outlives the
/// boot that it is about: what ended in a boot is told until the next one.
///
/// Debian 12 calls pam_motd twice; its second line, `pam_motd.so noupdate`, names no file, and then
/// `/run/motd.d` is shown. agetty reads `/run/issue.d` only where there is no `/etc/issue`: the boot
/// hook brings a link from `/etc/issue.d`.
public struct LoginMessage {
  /// As paths of the system below the root.
  public static let path = "/run/motd.d/pawl"
  public static let consolePath = "/run/issue.d/pawl.issue"

  public enum Outcome: Sendable, Hashable {
    /// It stands at this path.
    case shown(String)
    /// There is none now.
    case removed
    /// The reason. Nothing else failed by it: a boot never depends on its message.
    case failed(String)
  }

  private let root: HostRoot
  private let files: any HostFiles
  private let identity: Identity

  public init(root: HostRoot, files: any HostFiles, identity: Identity) {
    self.root = root
    self.files = files
    self.identity = identity
  }

  /// Replaces the message: at most 40 lines.
  public func show(_ lines: [String]) -> Outcome {
    let text = Self.text(lines)
    // A host whose consoles show nothing of it still has its logins.
    _ = attempt { try publish(text.replacing("\\", with: "\\\\"), at: Self.consolePath) }
    return attempt { try publish(text, at: Self.path) }
  }

  public func remove() -> Outcome {
    _ = attempt { try takeAway(Self.consolePath) }
    return attempt { try takeAway(Self.path) }
  }

  private func publish(_ text: String, at path: String) throws -> Outcome {
    let place = root.path(path)
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    if !root.exists("/" + folder) {
      try files.makeFolder(at: root.path("/" + folder), mode: 0o755, as: identity)
    }
    let present = try files.state(at: place)
    let bytes = Array(text.utf8)
    guard present.digest != SHA256.hash(bytes) else { return .shown(place) }
    _ = try files.publish(
      at: place, metadata: nil, mode: 0o644, replacing: present, as: identity
    ) { write in try write(bytes) }
    return .shown(place)
  }

  private func takeAway(_ path: String) throws -> Outcome {
    let place = root.path(path)
    guard root.exists(path) else { return .removed }
    try files.remove(at: place, expecting: try files.state(at: place), as: identity)
    return .removed
  }

  private func attempt(_ body: () throws -> Outcome) -> Outcome {
    do { return try body() } catch { return .failed(String(describing: error)) }
  }

  /// Broken at words, so that terminals of the usual width show what was written. Far below the
  /// 64 KiB that pam_motd shows.
  static func text(_ lines: [String]) -> String {
    let broken = lines.flatMap { wrapped(HostText.line($0, limit: 1500)) }
    var shown = broken.prefix(40).map { String($0.prefix(300)) }
    if broken.count > shown.count { shown.append("… (`pawl status` says the rest)") }
    return shown.map { $0 + "\n" }.joined()
  }

  private static let width = 96

  /// What follows a break stands as deep as the line, and two more.
  private static func wrapped(_ line: String) -> [String] {
    let depth = line.prefix { $0 == " " }.count
    var lines: [String] = []
    var current = String(repeating: " ", count: depth)
    var isEmpty = true
    for word in line.split(separator: " ") {
      if !isEmpty, current.count + 1 + word.count > width {
        lines.append(current)
        current = String(repeating: " ", count: depth + 2)
        isEmpty = true
      }
      current += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [current]
  }
}
