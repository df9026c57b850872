import CPawl
import Glibc
import PawlModel

/// A package manager that is at work: a restart in the middle of it leaves half a package, and what
/// it does after a trial was armed may move the menu, or take the fallback away.
public struct PackageWork: Sendable {
  private let root: HostRoot

  public init(root: HostRoot = .live) { self.root = root }

  /// A sentence; nil where none is at work.
  public var now: String? {
    for (path, name) in Self.locks where isLocked(root.path(path)) {
      return "\(name) is at work: \(path) is locked."
    }
    return root.exists(Self.pacman) ? "pacman is at work: \(Self.pacman) is there." : nil
  }

  /// Waits for its end, at most so long. Returns what is at work still.
  public func await(seconds: Int, pause: () -> Void = { sleep(2) }) -> String? {
    for _ in 0..<max(1, seconds / 2) {
      guard now != nil else { return nil }
      pause()
    }
    return now
  }

  /// Locked by fcntl(2), all of them.
  private static let locks = [
    ("/var/lib/dpkg/lock-frontend", "apt"), ("/var/lib/dpkg/lock", "dpkg"),
    ("/var/lib/rpm/.rpm.lock", "rpm"), ("/usr/lib/sysimage/rpm/.rpm.lock", "rpm"),
    ("/lib/apk/db/lock", "apk"),
  ]
  private static let pacman = "/var/lib/pacman/db.lck"

  private func isLocked(_ path: String) -> Bool {
    let file = pawl_open_lock(path, 0)
    guard file >= 0 else { return false }
    defer { close(file) }
    return pawl_is_locked(file) == 1
  }
}
