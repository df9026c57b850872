import PawlModel

/// A watchdog device, as `/sys/class/watchdog/NAME` describes it
/// (Documentation/ABI/testing/sysfs-class-watchdog). Kernels without CONFIG_WATCHDOG_SYSFS give no
/// more than its name.
public struct Watchdog: Sendable, Hashable, Codable {
  public var name: String
  /// What its driver calls it: `i6300ESB timer`, `Software Watchdog`.
  public var identity: String?
  /// It counts down now.
  public var isActive: Bool?
  /// Once started it cannot be stopped.
  public var isPermanent: Bool?
  public var timeoutSeconds: Int?
  /// It says that it caused the restart before this boot (WDIOF_CARDRESET).
  public var causedLastReset: Bool

  /// A timer of the kernel itself: it dies with the kernel that it should watch.
  public var isSoftware: Bool { identity?.lowercased().contains("software watchdog") == true }

  /// For a sentence.
  public var title: String {
    HostText.line(identity.map { "\($0) (\(name))" } ?? name, limit: 80)
  }

  public init(
    name: String, identity: String? = nil, isActive: Bool? = nil, isPermanent: Bool? = nil,
    timeoutSeconds: Int? = nil, causedLastReset: Bool = false
  ) {
    self.name = name
    self.identity = identity
    self.isActive = isActive
    self.isPermanent = isPermanent
    self.timeoutSeconds = timeoutSeconds
    self.causedLastReset = causedLastReset
  }

  /// All of the system below `root`.
  public static func list(root: HostRoot) -> [Watchdog] {
    (root.list("/sys/class/watchdog").value ?? []).prefix(16).map { name in
      func line(_ file: String) -> String? {
        root.line("/sys/class/watchdog/\(name)/\(file)").value.flatMap { $0.isEmpty ? nil : $0 }
      }
      let status = line("bootstatus").flatMap { Int($0) } ?? 0
      return Watchdog(
        name: name, identity: line("identity"), isActive: line("state").map { $0 == "active" },
        isPermanent: line("nowayout").map { $0 == "1" },
        timeoutSeconds: line("timeout").flatMap { Int($0) },
        causedLastReset: status & cardReset != 0)
    }
  }
}

/// WDIOF_CARDRESET of `linux/watchdog.h`.
private let cardReset = 0x20
