import Glibc
import PawlModel

/// Somebody who works on this host now, and is cut off by a restart.
public struct LoggedIn: Sendable, Hashable {
  public var user: String
  /// `pts/3`; empty where there is none.
  public var terminal: String
  /// The host that the person came from; nil at the console.
  public var origin: String?

  public init(user: String, terminal: String, origin: String? = nil) {
    self.user = user
    self.terminal = terminal
    self.origin = origin
  }

  /// `alice on pts/3 from 10.0.0.5`.
  public var inWords: String {
    let place = terminal.isEmpty ? "" : " on \(HostText.line(terminal, limit: 40))"
    let from = origin.map { " from \(HostText.line($0, limit: 80))" } ?? ""
    return HostText.line(user, limit: 40) + place + from
  }

  /// Of the system below `root`, one for each terminal. utmp(5) where it is kept; newer systems
  /// keep only the sessions of systemd-logind(8).
  public static func list(root: HostRoot = .live) -> [LoggedIn] {
    for path in ["/run/utmp", "/var/run/utmp"] {
      let found = records(root.read(path, limit: 1 << 20).value ?? [])
      if !found.isEmpty { return found }
    }
    return sessions(root)
  }

  // MARK: utmp(5)

  private static func records(_ bytes: [UInt8]) -> [LoggedIn] {
    let size = MemoryLayout<utmpx>.size
    return stride(from: 0, through: bytes.count - size, by: size).compactMap { offset in
      let record = bytes.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: offset, as: utmpx.self)
      }
      guard Int(record.ut_type) == userProcess else { return nil }
      let user = text(record.ut_user)
      let origin = text(record.ut_host)
      guard !user.isEmpty else { return nil }
      return LoggedIn(
        user: user, terminal: text(record.ut_line), origin: origin.isEmpty ? nil : origin)
    }
  }

  /// What stands in a field of fixed length, which need not end in a zero.
  private static func text<Field>(_ field: Field) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  // MARK: systemd-logind(8)

  private static func sessions(_ root: HostRoot) -> [LoggedIn] {
    let folder = "/run/systemd/sessions"
    return (root.list(folder).value ?? []).prefix(256).compactMap { name in
      let lines = root.text("\(folder)/\(name)").value?.split(separator: "\n") ?? []
      func value(_ key: String) -> String? {
        lines.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
      }
      guard value("CLASS") == "user", value("STATE") != "closing", let user = value("USER") else {
        return nil
      }
      return LoggedIn(
        user: user, terminal: value("TTY") ?? "", origin: value("REMOTE_HOST"))
    }
  }
}

/// USER_PROCESS of utmp(5).
private let userProcess = 7
