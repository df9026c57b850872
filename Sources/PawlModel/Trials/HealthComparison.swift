/// What is worse under the new kernel than it was under the old one.
public enum HealthComparison {
  /// Sentences, each reason enough to go back; empty where all is well. `wanted`: modules that the
  /// recipe demands.
  public static func failures(
    before: HealthState, after: HealthState, wanted: [String]
  ) -> [String] {
    var found: [String] = []
    if before.rootIsWritable, !after.rootIsWritable { found.append("the root is read-only") }
    found += missing(before.mounts, after.mounts).map { "\($0) is not mounted" }
    if !before.defaultRoutes.isEmpty, after.defaultRoutes.isEmpty {
      found.append("the network is down: there is no default route")
    }
    if let units = after.failedUnits {
      let known = Set(before.failedUnits ?? [])
      found += units.filter { !known.contains($0) }.map { "\($0) failed" }
    }
    found += missing(after.wantedModules + wanted, after.modules).map {
      "the module \($0) is not loaded"
    }
    return found + broken(before.taint ?? 0, after.taint ?? 0)
  }

  private static func missing(_ wanted: [String], _ present: [String]) -> [String] {
    let plain = { (name: String) in String(name.map { $0 == "-" ? "_" : $0 }) }
    let there = Set(present.map(plain))
    return wanted.filter { !there.contains(plain($0)) }
  }

  /// Bits of Documentation/admin-guide/tainted-kernels.rst that say that something broke.
  private static func broken(_ before: UInt64, _ after: UInt64) -> [String] {
    let bits: [(bit: UInt64, sentence: String)] = [
      (4, "the processor reported an error"), (7, "the kernel has had an oops"),
      (14, "a processor was stuck in the kernel"),
    ]
    return bits.filter { after & ~before & (1 << $0.bit) != 0 }.map(\.sentence)
  }
}
