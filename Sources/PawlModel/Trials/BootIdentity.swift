/// What a running system says of itself: which boot, which kernel, started how. None of these is
/// proof alone; a trial is proven by all of them together.
public struct BootIdentity: Codable, Sendable, Hashable {
  /// `/proc/sys/kernel/random/boot_id`.
  public var bootID: BootID
  /// `uname -r`.
  public var release: String
  /// `uname -v`: the number and date of the build.
  public var version: String
  /// The GNU build id of `/sys/kernel/notes`, lowercase hex; nil where the kernel has none.
  public var buildID: String?
  /// `/proc/cmdline` without its newline.
  public var commandLine: String

  public init(
    bootID: BootID, release: String, version: String, buildID: String?, commandLine: String
  ) {
    self.bootID = bootID
    self.release = release
    self.version = version
    self.buildID = buildID
    self.commandLine = commandLine
  }
}

extension BootIdentity {
  /// Started by a trial entry, whosever trial it is.
  public var isTrialBoot: Bool {
    commandLine.split(separator: " ").contains { $0.hasPrefix("pawl.trial=") }
  }

  /// Only the trial entry has the token on its command line.
  public func isTrial(of token: String) -> Bool {
    commandLine.split(separator: " ").contains { $0 == "pawl.trial=\(token)" }
  }

  /// The person at the console wants no automatic action in this boot.
  public var forbidsResume: Bool {
    commandLine.split(separator: " ").contains("pawl.resume=no")
  }
}
