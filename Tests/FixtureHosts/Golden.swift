import Foundation

/// A text file that a reviewer reads: what Pawl says today. `PAWL_WRITE_GOLDENS=1` writes it anew.
public enum Golden {
  public static let isWritten = ProcessInfo.processInfo.environment["PAWL_WRITE_GOLDENS"] == "1"

  /// The first line that differs, nil where none does.
  public static func difference(_ text: String, from path: String) throws -> String? {
    let file = FixtureHosts.fixtures.appending(path: "golden/\(path)")
    if isWritten {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      return nil
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = try String(contentsOf: file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    for (number, pair) in zip(lines, wanted).enumerated() where pair.0 != pair.1 {
      return "\(path):\(number + 1): is \"\(pair.0)\", and was \"\(pair.1)\""
    }
    return lines.count == wanted.count
      ? nil : "\(path): it has \(lines.count) lines, and had \(wanted.count)"
  }
}
