import PawlModel

/// What the console of a kernel that was started in an emulator says of it.
public enum PrebootVerdict: Sendable, Hashable {
  /// It ran its first program.
  case startsPrograms
  /// It came as far as looking for its root file system; it has no support for an initramfs.
  case looksForRoot
  case otherRelease(String)
  /// Its own words.
  case failed(String)
  /// The last thing that it said.
  case stuck(String)
  case silent

  /// nil where more has to be waited for. `hasEnded`: no more comes, or its time is over.
  public init?(console: String, release: String, hasEnded: Bool) {
    let lines = console.split(whereSeparator: \.isNewline).map { Self.plain(String($0)) }
    guard let banner = lines.first(where: { $0.hasPrefix(Self.banner) }) else {
      guard hasEnded else { return nil }
      self = .silent
      return
    }
    let found = banner.dropFirst(Self.banner.count).prefix { $0 != " " }
    guard found == release else {
      // The line may not have come to its end yet.
      guard hasEnded || banner.dropFirst(Self.banner.count).contains(" ") else { return nil }
      self = .otherRelease(String(found))
      return
    }
    guard let outcome = Self.outcome(lines) else {
      guard hasEnded else { return nil }
      self = .stuck(lines.last ?? "")
      return
    }
    self = outcome
  }

  private static let banner = "Linux version "

  private static func outcome(_ lines: [String]) -> PrebootVerdict? {
    if let torn = lines.first(where: { $0.hasPrefix("Initramfs unpacking failed") }) {
      return .failed(torn)
    }
    if lines.contains(where: { $0.hasSuffix(TinyInitramfs.mark) }) { return .startsPrograms }
    if let init0 = lines.first(where: { $0.hasPrefix("Failed to execute /init") }) {
      return .failed(init0)
    }
    guard let panic = lines.first(where: { $0.contains("Kernel panic - not syncing") }) else {
      return nil
    }
    return panic.contains("VFS: Unable to mount root fs") ? .looksForRoot : .failed(panic)
  }

  /// Without the time that stands in front of a line: `[    1.234567] `.
  private static func plain(_ line: String) -> String {
    let line = HostText.line(line, limit: 400)
    guard line.hasPrefix("["), let end = line.firstIndex(of: "]"),
      line[line.index(after: line.startIndex)..<end].allSatisfy({ " .0123456789T".contains($0) })
    else { return line }
    return String(line[line.index(after: end)...].drop { $0 == " " })
  }
}
