import PawlModel

/// What of Windows a WSL system can see and reach, from its mounts and its own settings; nothing is
/// guessed, and no Windows program is run.
public struct WindowsSide: Sendable, Equatable {
  public struct Drive: Sendable, Equatable, Codable {
    /// In capitals.
    public let letter: String
    public let mountPoint: String

    enum CodingKeys: String, CodingKey {
      case letter
      case mountPoint = "mount_point"
    }
  }

  /// Drives that are mounted now, by letter.
  public let drives: [Drive]
  /// Windows programs can be started from here; nil where that cannot be told.
  public let interop: Bool?
  /// systemd is asked for at the next start.
  public let systemd: Bool
  /// Run as root at each start; somebody's own.
  public let bootCommand: String?
  /// Why `/etc/wsl.conf` says nothing, where it is there.
  public let settingsReason: String?

  public static let settingsPath = "/etc/wsl.conf"

  /// Where a file of the drive C: lies, `Windows/System32/wsl.exe` say; nil where C: is not mounted.
  public func onSystemDrive(_ path: String) -> String? {
    drives.first { $0.letter == "C" }.map { "\($0.mountPoint)/\(path)" }
  }

  /// Looks below `root`, which is one under WSL. (Microsoft: WSL/wsl-config.md)
  public static func detect(root: HostRoot) -> WindowsSide {
    let table = MountTable(mountinfo: root.text("/proc/self/mountinfo").value ?? "")
    let settings = settings(root: root)
    func value(_ key: String, _ section: String) -> String? {
      (try? settings.value?.value(of: key, in: section)) ?? nil
    }
    let isOff = value("enabled", "interop")?.lowercased() == "false"
    let isKnown = !(root.list("/proc/sys/fs/binfmt_misc").value ?? []).isEmpty
    let isRegistered = ["WSLInterop", "WSLInterop-late"].contains {
      root.exists("/proc/sys/fs/binfmt_misc/\($0)")
    }
    return WindowsSide(
      drives: drives(table), interop: isOff ? false : isKnown ? isRegistered : nil,
      systemd: value("systemd", "boot")?.lowercased() == "true",
      bootCommand: value("command", "boot"),
      settingsReason: settings.reason == "not there" ? nil : settings.reason)
  }

  private static func settings(root: HostRoot) -> Reading<SettingsFile> {
    switch root.read(settingsPath, limit: 1 << 20) {
    case .absent: return .absent
    case .unreadable(let reason): return .unreadable(reason)
    case .present(let bytes):
      do throws(PawlError) { return .present(try SettingsFile(bytes: bytes)) } catch {
        return .unreadable(error.message)
      }
    }
  }

  /// `C:\ /mnt/c 9p … aname=drvfs;path=C:\`, or of type drvfs.
  private static func drives(_ table: MountTable) -> [Drive] {
    let found = table.mounts.compactMap { mount -> Drive? in
      let isWindows =
        mount.type == "drvfs" || mount.type == "9p" && mount.superOptions.contains("aname=drvfs")
      let letter = mount.source.prefix(1).uppercased()
      guard isWindows, ("A"..."Z").contains(letter), mount.source.dropFirst().hasPrefix(":")
      else { return nil }
      return Drive(letter: letter, mountPoint: mount.mountPoint)
    }
    return found.sorted { $0.letter < $1.letter }
  }
}
