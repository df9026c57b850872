import Foundation
import PawlHost

/// The small hosts of the project: one for each platform that Pawl knows, and some that it refuses.
public enum FixtureHosts {
  public static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  public static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: fixtures.appending(path: "hosts").path)) ?? [])
    .filter { !$0.hasSuffix(".md") }.sorted()

  /// Those that the facts and goldens tell about.
  public static let modules = [
    "vfio-pci", "wireguard", "overlay", "btrfs", "br_netfilter", "ext4", "nvidia",
  ]

  public static func root(_ name: String) -> HostRoot {
    HostRoot(path: fixtures.appending(path: "hosts/\(name)").path)
  }

  /// As it would be on the host itself: not where the fixture happens to lie.
  public static func report(_ name: String) -> DetectionReport {
    var report = HostDetection.detect(root: root(name), modules: modules)
    report.host.root = "/"
    return report
  }

  public static func json(_ name: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(try report(name).json().utf8))
  }
}
