import PawlModel

/// Installs packages by the distribution's own program. A power cut leaves dpkg where apt goes no further before
/// dpkg has put itself in order: where it was cut off in an earlier attempt of the same step, that is done first.
///
/// What survives a power cut: what dpkg keeps of its work; repeating it goes on from there.
public struct PackageInstallation {
  private let root: HostRoot
  private let isRepeated: Bool

  /// - Parameter attempt: the token of the attempt, which ends with its number.
  public init(root: HostRoot, attempt: String) {
    self.root = root
    isRepeated = attempt.split(separator: "/").last.flatMap { Int($0) } ?? 1 > 1
  }

  /// False where the program did not end well. Its words stand last: more behind them, and they would not be among
  /// those that history keeps.
  public func run(_ argv: [String], with tool: Tool) throws -> Bool {
    if isCutOff { try putInOrder(tool) }
    return try tool.attempt(argv).succeeded
  }

  private func putInOrder(_ tool: Tool) throws {
    guard isRepeated else {
      throw PawlError(
        .stepFailed, "dpkg was interrupted before this plan came to it, and apt goes no further.",
        hint: "Put it in order: dpkg --configure -a. Then approve the step again.")
    }
    print("dpkg was interrupted: what it had begun is finished first.")
    try tool.run(["dpkg", "--configure", "-a"], adding: ["DEBIAN_FRONTEND": "noninteractive"])
  }

  /// As apt tells it. (apt: apt-pkg/deb/debsystem.cc, CheckUpdates)
  private var isCutOff: Bool {
    (root.list("/var/lib/dpkg/updates").value ?? []).contains { name in
      !name.isEmpty && name.utf8.allSatisfy { (48...57).contains($0) }
    }
  }
}

/// What apt's last words mean, and what to do about it.
public enum PackageFailure {
  public static func explain(_ words: String) -> String? {
    table.first { words.contains($0.words) }?.meaning
  }

  private static let table: [(words: String, meaning: String)] = [
    (
      "Unable to locate package",
      "apt knows no such package: have it read its lists anew (apt-get update); a kernel that its distribution "
        + "has dropped has no headers any more: update it, and restart."
    ),
    (
      "Couldn't find any package",
      "apt knows no such package: have it read its lists anew (apt-get update), then approve the step again."
    ),
    (
      "Could not get lock",
      "Another package manager is at work: wait for it, then approve the step again."
    ),
    (
      "Failed to fetch",
      "apt's mirror was not reached, or has another version by now: apt-get update, then approve the step again."
    ),
    (
      "dpkg was interrupted", "Put dpkg in order: dpkg --configure -a. Then approve the step again."
    ),
  ]
}
