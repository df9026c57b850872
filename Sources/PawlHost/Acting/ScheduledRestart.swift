import PawlModel

/// A restart that somebody has ordered for later: shutdown(8) with a time, or unattended upgrades.
/// It would begin a trial that is armed, or end one that runs.
public struct ScheduledRestart: Sendable, Hashable {
  /// `reboot`, `poweroff`, `halt`, `kexec`.
  public var mode: String
  /// Milliseconds since 1970.
  public var wallMillis: Int64

  public init(mode: String, wallMillis: Int64) {
    self.mode = mode
    self.wallMillis = wallMillis
  }

  /// nil where none is ordered. Written by systemd-logind(8).
  public static func read(root: HostRoot = .live) -> ScheduledRestart? {
    let lines = root.text("/run/systemd/shutdown/scheduled").value?.split(separator: "\n") ?? []
    func value(_ key: String) -> Substring? {
      lines.first { $0.hasPrefix(key + "=") }?.dropFirst(key.count + 1)
    }
    guard let micros = value("USEC").flatMap({ Int64($0) }), let mode = value("MODE") else {
      return nil
    }
    return ScheduledRestart(mode: HostText.line(String(mode), limit: 40), wallMillis: micros / 1000)
  }
}
