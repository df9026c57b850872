import PawlModel

/// Reads which boot and which kernel this is.
public enum BootIdentityReader {
  /// Of the system below `root`. Throws `noInput` where its `/proc` does not tell.
  public static func read(root: HostRoot) throws(PawlError) -> BootIdentity {
    BootIdentity(
      bootID: try line("/proc/sys/kernel/random/boot_id", root),
      release: try line("/proc/sys/kernel/osrelease", root),
      version: try line("/proc/sys/kernel/version", root),
      buildID: runningBuildID(root: root).value,
      commandLine: root.line("/proc/cmdline").value ?? "")
  }

  /// The build id of the running kernel, lowercase hex (`/sys/kernel/notes`).
  public static func runningBuildID(root: HostRoot) -> Reading<String> {
    switch root.read("/sys/kernel/notes", limit: 1 << 20) {
    case .absent: return .absent
    case .unreadable(let reason): return .unreadable(reason)
    case .present(let bytes):
      let isLittleEndian = UInt16(1).littleEndian == 1
      return ELFNotes.buildID(in: bytes, isLittleEndian: isLittleEndian).map { .present($0) }
        ?? .unreadable("it has no build id")
    }
  }

  /// A kernel that another one's crash started has the memory of that one here (kdump).
  public static func isCrashKernel(root: HostRoot) -> Bool { root.exists("/proc/vmcore") }

  private static func line(_ path: String, _ root: HostRoot) throws(PawlError) -> String {
    let reading = root.line(path)
    guard let line = reading.value, !line.isEmpty else {
      throw PawlError(
        .noInput, "Cannot tell which kernel runs: \(path) is \(reading.reason ?? "empty").",
        hint: "Is /proc mounted?")
    }
    return line
  }
}
