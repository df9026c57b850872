/// The package with the headers of a kernel, by the naming of each family. (Debian kernel handbook; Fedora
/// and SUSE kernel.spec; Arch PKGBUILDs of linux*; Alpine APKBUILDs of linux-*)
public enum KernelHeaders {
  /// nil where the family has no rule that is known, or names none for this kernel.
  public static func package(_ kernel: DKMSKernel, root: HostRoot) -> String? {
    rules[DistributionFamily.of(root)].flatMap { $0(kernel.release) }
  }

  /// The command that installs it; root runs it.
  public static func installCommand(
    _ package: String, root: HostRoot, by program: String
  ) -> [String] {
    BuildDependencies.of(DistributionFamily.of(root))?.installCommand([package], by: program) ?? []
  }

  private static let rules: [DistributionFamily: @Sendable (String) -> String?] = [
    .debian: { "linux-headers-\($0)" },
    .rhel: { "kernel-devel-\($0)" },
    // 6.11.0-1-default: flavours have packages of their own, for the newest kernel alone.
    .suse: { flavour($0).map { "kernel-\($0)-devel" } },
    // 6.9.7-arch1-1, 6.6.36-1-lts, 6.9.7-zen1-1-zen
    .arch: { arch($0) },
    // 6.6.36-0-lts
    .alpine: { flavour($0).map { "linux-\($0)-dev" } },
  ]

  private static func flavour(_ release: String) -> String? {
    let last = release.split(separator: "-").last.map(String.init)
    return last?.first?.isLetter == true ? last : nil
  }

  private static func arch(_ release: String) -> String? {
    if release.contains("-arch") { return "linux-headers" }
    return flavour(release).map { "linux-\($0)-headers" }
  }
}
