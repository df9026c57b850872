import Glibc

/// What a host is called and what it runs.
public struct HostIdentity: Sendable, Equatable {
  /// The host's name: the kernel's, else that of `/etc/hostname`.
  public let name: String?
  /// `/etc/machine-id`: 32 hexadecimal digits that stay the same over restarts.
  public let machineID: String?
  /// Another one at every boot.
  public let bootID: String?
  /// The machine's architecture as `uname -m` says (`x86_64`); nil below a root.
  public let architecture: String?
  public let operatingSystem: Reading<OperatingSystem>

  /// Reads the identity of the system below `root`.
  public static func detect(root: HostRoot) -> HostIdentity {
    HostIdentity(
      name: filled(root.line("/proc/sys/kernel/hostname")) ?? filled(root.line("/etc/hostname")),
      machineID: filled(root.line("/etc/machine-id")),
      bootID: filled(root.line("/proc/sys/kernel/random/boot_id")),
      architecture: root.isLive ? machine() : nil,
      operatingSystem: OperatingSystem.detect(root: root))
  }

  private static func filled(_ line: Reading<String>) -> String? {
    line.value.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func machine() -> String? {
    var names = utsname()
    guard uname(&names) == 0 else { return nil }
    return withUnsafeBytes(of: &names.machine) { raw in
      String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
