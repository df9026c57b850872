/// Which files of a kernel's build folder have to go before `make` may trust the rest. `make`
/// trusts times, and after a cut times are all that is right about some files.
///
/// Never removed: the stamps below `include/config`. They are empty by design, and without them
/// `$(wildcard)` no longer sees that an option changed: make then ends well, with a stale kernel.
/// Nor `auto.conf`, which says what they are up to date with: the engine puts the old one back.
public struct RepairSelection {
  public enum Reason: String, Sendable, CaseIterable {
    /// May have been half written.
    case inFlight = "written last"
    /// Linked or collected from others.
    case end = "linked from others"
    /// Its bytes are not what its name says.
    case torn
    /// A time after now.
    case future = "from the future"
    /// Of a file that goes, or without the file that it was for.
    case command
  }

  private let files: [BuiltFile]
  private let present: Set<String>
  private let cutoff: Int64

  public init(_ files: [BuiltFile], cutoff: Int64) {
    self.files = files
    self.cutoff = cutoff
    present = Set(files.map(\.path))
  }

  /// After a kill: nothing is lost but what was being written. What spreads the configuration
  /// replaces its files whole, `auto.conf` last; `autoconf.h` alone would not be made again.
  public func afterKill() -> [String: Reason] {
    withCommands(
      files.reduce(into: [:]) { found, file in
        if file.touched >= cutoff, !Self.isSpread(file.path) { found[file.path] = .inFlight }
      })
  }

  /// After a power cut. `now`: the wall clock, nanoseconds since 1970.
  public func afterCut(now: Int64) -> [String: Reason] {
    withCommands(
      files.reduce(into: [:]) { found, file in
        if file.touched > now {
          found[file.path] = .future
        } else if file.touched >= cutoff {
          found[file.path] = .inFlight
        } else if Self.isEnd(file) {
          found[file.path] = .end
        } else if file.looksTorn {
          found[file.path] = .torn
        } else if let target = file.targetPath, !present.contains(target), Self.hasTarget(target) {
          found[file.path] = .command
        }
      })
  }

  /// With each file its command, and with each command its file: make compares commands, and
  /// takes a file without one for finished.
  private func withCommands(_ found: [String: Reason]) -> [String: Reason] {
    var all = found
    for file in files {
      guard let reason = found[file.path] else { continue }
      if present.contains(file.commandPath), all[file.commandPath] == nil {
        all[file.commandPath] = .command
      }
      if let target = file.targetPath, present.contains(target), all[target] == nil {
        all[target] = reason
      }
    }
    return all.filter { !Self.isKept($0.key) }
  }

  // MARK: - Names

  /// Written by syncconfig, right before `auto.conf`.
  private static func isSpread(_ path: String) -> Bool {
    path == "include/config/auto.conf.cmd" || path == "include/generated/autoconf.h"
      || path == "include/generated/rustc_cfg"
  }

  private static func isKept(_ path: String) -> Bool {
    let isStamp = path.hasPrefix("include/config/") && !isSpread(path)
    return isStamp || path == "Makefile" || path.hasPrefix(".config")
      || path.hasPrefix(".pawl-") || path.hasSuffix(".d")
  }

  /// Commands of phony targets have no file.
  private static func hasTarget(_ target: String) -> Bool {
    [".o", ".a", ".ko", ".S", ".lds", ".c", ".h"].contains { target.hasSuffix($0) }
  }

  /// Host tools are made in one go and linked by `make` itself; their archives are no ends: with
  /// `libsubcmd.a` gone objtool is linked anew, and every object is compiled again after it.
  private static func isEnd(_ file: BuiltFile) -> Bool {
    let path = file.path
    if path.hasPrefix("tools/") || path.hasPrefix("scripts/") { return false }
    let parts = path.split(separator: "/")
    if parts.count > 3, parts[0] == "arch", parts[2] == "boot" { return true }
    let name = file.targetPath.map { BuiltFile(path: $0, size: 0, touched: 0).name } ?? file.name
    return endNames.contains(String(name)) || endSuffixes.contains { name.hasSuffix($0) }
      || ["vmlinux", ".tmp_vmlinux", "modules.builtin"].contains { name.hasPrefix($0) }
  }
}

private let endNames: Set<String> = [
  "modules.order", "modules-only.symvers", "Module.symvers", "System.map", ".tmp_System.map",
]
private let endSuffixes = [".a", ".ko", ".mod", ".mod.c", ".mod.o"]
