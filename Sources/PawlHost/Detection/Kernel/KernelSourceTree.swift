/// The source tree that the running kernel was built from, where it is at hand: its Kbuild and Kconfig files
/// say more than any table.
public enum KernelSourceTree {
  /// Where it may lie, best first, as paths of the system. What is tied to the release goes before the
  /// link that people set by hand.
  public static func places(release: String?) -> [String] {
    let own = release.map {
      ["/lib/modules/\($0)/source", "/lib/modules/\($0)/build", "/usr/src/linux-\($0)"]
    }
    return (own ?? []) + [unversionedPlace]
  }

  private static let unversionedPlace = "/usr/src/linux"

  /// The first that has more than headers, as a path on this machine's disk; nil where none does.
  static func find(root: HostRoot, release: String?) -> String? {
    places(release: release).first { place in
      guard root.exists("\(place)/Kconfig"), root.exists("\(place)/fs/Makefile") else {
        return false
      }
      return place != unversionedPlace || isOf(release, place, root)
    }.flatMap(root.resolve)
  }

  private static func isOf(_ release: String?, _ place: String, _ root: HostRoot) -> Bool {
    let version = root.text("\(place)/Makefile").value.flatMap {
      SourceTree.version(ofMakefile: $0)
    }
    return KernelConfigProbe.matches(header: version, release: release) == true
  }
}
