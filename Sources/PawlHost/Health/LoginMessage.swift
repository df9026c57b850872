import PawlModel

/// What people read when they log in: a file in a folder that pam_motd(8) shows. In memory, so that
/// a message never outlives the boot that it is about.
public struct LoginMessage {
  /// As a path of the system below the root.
  public static let path = "/run/motd.d/pawl"

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

  /// Replaces the message: at most 40 lines of 300 characters.
  public func show(_ lines: [String]) -> Outcome {
    attempt {
      let place = root.path(Self.path)
      try makeFolder()
      let text = Self.text(lines)
      let present = try files.state(at: place)
      _ = try files.publish(
        at: place, metadata: nil, mode: 0o644, replacing: present, as: identity
      ) { write in try write(Array(text.utf8)) }
      return .shown(place)
    }
  }

  public func remove() -> Outcome {
    attempt {
      let place = root.path(Self.path)
      guard root.exists(Self.path) else { return .removed }
      try files.remove(at: place, expecting: try files.state(at: place), as: identity)
      return .removed
    }
  }

  private func makeFolder() throws {
    guard !root.exists("/run/motd.d") else { return }
    try files.makeFolder(at: root.path("/run/motd.d"), mode: 0o755, as: identity)
  }

  private func attempt(_ body: () throws -> Outcome) -> Outcome {
    do { return try body() } catch { return .failed(String(describing: error)) }
  }

  static func text(_ lines: [String]) -> String {
    var shown = lines.prefix(40).map { HostText.line($0, limit: 300) }
    if lines.count > shown.count { shown.append("… (`pawl status` says the rest)") }
    return shown.map { $0 + "\n" }.joined()
  }
}
