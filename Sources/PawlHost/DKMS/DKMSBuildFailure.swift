import PawlModel

/// Why a module was not built, from the log of its make, and what DKMS's exit statuses mean.
public enum DKMSBuildFailure {
  public struct Cause: Sendable, Equatable {
    public let sentence: String
    public let hint: String
  }

  /// The cause that stands first in the log; nil where nothing in it is known.
  public static func explain(_ log: String) -> Cause? {
    let lines = log.split(whereSeparator: \.isNewline).suffix(20000)
    for line in lines {
      guard let row = table.first(where: { $0.matches(line) }) else { continue }
      let words = String(line.trimmingWhitespace().prefix(200))
      return Cause(sentence: "\(row.sentence): \(words)", hint: row.hint)
    }
    return nil
  }

  /// dkms.in 3.0: what `die` is called with. nil for those that say nothing.
  public static func meaning(of ending: ExitReport.Ending) -> String? {
    guard case .exited(let status) = ending else { return nil }
    return exitStatuses[status]
  }

  private static let exitStatuses: [Int32: String] = [
    2: "its source is not in /usr/src",
    3: "DKMS does not have it, or has it already in another state",
    5: "one of its patches is missing",
    6: "one of its patches does not fit this kernel",
    7: "make ended well, and did not make a module that dkms.conf names",
    8: "its source folder is empty",
    10: "make failed",
    13: "another module that it needs is not built (BUILD_DEPENDS)",
    14: "a script of the package failed",
    21: "the kernel's headers are not installed",
    77: "its dkms.conf says that it is not for this kernel (BUILD_EXCLUSIVE)",
  ]

  private struct Row: Sendable {
    /// All of a group have to stand in one line.
    let words: [[String]]
    let sentence: String
    let hint: String

    func matches(_ line: Substring) -> Bool {
      words.contains { group in group.allSatisfy { line.contains($0) } }
    }
  }

  private static let doesNotFit = (
    "its source does not fit this kernel",
    "A newer version of the driver may; the kernel before this one can go on running meanwhile."
  )

  /// What is told apart, the most telling first: of two that match a line the first counts. The words are
  /// those of gcc, clang, ld, modpost, Kbuild and strerror(3).
  private static let table: [Row] = [
    Row(
      words: [["No space left on device"]], sentence: "a disk is full",
      hint: "Free space in /var/lib/dkms and /tmp, then try again."),
    Row(
      words: [
        ["Killed signal"], ["internal compiler error: Killed"], ["virtual memory exhausted"],
      ],
      sentence: "there was not enough memory",
      hint: "End what needs much, or add swap, then try again."),
    Row(
      words: [["include/generated/autoconf.h", "missing"], ["Kernel configuration is invalid"]],
      sentence: "the kernel's headers are not whole",
      hint: "Install the headers package again, then try again."),
    Row(
      words: [
        ["gcc", "No such file or directory"], ["gcc", "not found"], ["clang", "not found"],
        ["cc: not found"], ["cc: command not found"], ["cc: No such file or directory"],
      ],
      sentence: "the compiler is not installed",
      hint: "Install the one that built the kernel: the line above names it."),
    Row(
      words: [["GPL-incompatible module"]],
      sentence: "it uses what this kernel gives to GPL modules only",
      hint: "Another version of the driver, or another kernel; the module itself cannot be mended."),
    Row(
      words: [["modpost", "undefined!"]],
      sentence: "it needs what this kernel does not have",
      hint:
        "The option that has it is off, or the module that has it was not built: the name tells."),
    Row(
      words: [["fatal error:", "No such file"]], sentence: doesNotFit.0, hint: doesNotFit.1),
    Row(
      words: [["No rule to make target"]], sentence: "a file of its source is missing",
      hint: "Install the package of the driver again."),
    Row(
      words: [["sign-file", "No such file"], ["SSL error"]], sentence: "it could not be signed",
      hint: "Look at the key: mok_signing_key in /etc/dkms/framework.conf."),
    Row(words: [["error:"]], sentence: doesNotFit.0, hint: doesNotFit.1),
  ]
}
