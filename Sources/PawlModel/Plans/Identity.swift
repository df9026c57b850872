/// Whom a process acts as. Frozen into the plan when somebody asks for it.
public struct Identity: Codable, Sendable, Hashable {
  public var uid: UInt32
  public var gid: UInt32
  /// Supplementary groups, in the order of the kernel.
  public var groups: [UInt32]
  public var name: String
  public var home: String

  public init(uid: UInt32, gid: UInt32, groups: [UInt32], name: String, home: String) {
    self.uid = uid
    self.gid = gid
    self.groups = groups
    self.name = name
    self.home = home
  }

  public static let root = Identity(uid: 0, gid: 0, groups: [], name: "root", home: "/root")
  public var isRoot: Bool { uid == 0 }
}

/// Who caused an event. What the kernel holds and what a process says of itself are kept apart.
public struct Actor: Codable, Sendable, Hashable {
  public var uid: UInt32
  /// `/proc/self/loginuid`, kernel-held; nil where no audit login was made.
  public var loginUID: UInt32?
  /// `SUDO_UID`, self-reported.
  public var sudoUID: UInt32?
  /// The first word of `SSH_CONNECTION`, self-reported.
  public var sshOrigin: String?
  public var tty: String?
  /// `runner`, `terminal`, `digest` (an approval given as a digest), `command`, `boot-hook`.
  public var how: String

  public init(
    uid: UInt32, loginUID: UInt32? = nil, sudoUID: UInt32? = nil, sshOrigin: String? = nil,
    tty: String? = nil, how: String
  ) {
    self.uid = uid
    self.loginUID = loginUID
    self.sudoUID = sudoUID
    self.sshOrigin = sshOrigin
    self.tty = tty
    self.how = how
  }
}

/// When something happened, on both clocks. Order is never decided by it: order is the sequence
/// number, since wall clocks lie after a power cut.
public struct Stamp: Codable, Sendable, Hashable {
  /// Milliseconds since 1970, as the wall clock said.
  public var wallMillis: Int64
  public var bootID: BootID
  /// Milliseconds since this boot, suspended time included (CLOCK_BOOTTIME).
  public var bootMillis: Int64

  public init(wallMillis: Int64, bootID: BootID, bootMillis: Int64) {
    self.wallMillis = wallMillis
    self.bootID = bootID
    self.bootMillis = bootMillis
  }
}
