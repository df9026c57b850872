import Foundation

@testable import PawlHost

/// The small hosts of the project: one for each platform that Pawl knows, and some that it refuses.
enum FixtureHosts {
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: fixtures.appending(path: "hosts").path)) ?? [])
    .filter { !$0.hasSuffix(".md") }.sorted()

  /// Those that the facts and goldens tell about.
  static let modules = [
    "vfio-pci", "wireguard", "overlay", "btrfs", "br_netfilter", "ext4", "nvidia",
  ]

  static func root(_ name: String) -> HostRoot {
    HostRoot(path: fixtures.appending(path: "hosts/\(name)").path)
  }

  /// As it would be on the host itself: not where the fixture happens to lie.
  static func report(_ name: String) -> DetectionReport {
    var report = HostDetection.detect(root: root(name), modules: modules)
    report.host.root = "/"
    return report
  }

  static func json(_ name: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(try report(name).json().utf8))
  }
}

/// A text file that a reviewer reads: what Pawl says today. `PAWL_WRITE_GOLDENS=1` writes it anew.
enum Golden {
  static let isWritten = ProcessInfo.processInfo.environment["PAWL_WRITE_GOLDENS"] == "1"

  /// The first line that differs, nil where none does.
  static func difference(_ text: String, from path: String) throws -> String? {
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
