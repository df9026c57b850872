/// Who else decides over the kernel of a host. What only another may change is refused before the
/// first change; building, and everything below another root, is nobody else's.
public struct KernelOwner: Sendable, Equatable {
  /// What this host is, as the beginning of a sentence.
  public let sentence: String
  /// Where to make the change instead.
  public let instead: String

  /// nil where the kernel is this host's own.
  public static func other(than host: HostDetection) -> KernelOwner? {
    if host.container.answer == .yes {
      let privileged =
        host.container.isPrivileged == true ? ", which may load modules into that of the host" : ""
      return KernelOwner(
        sentence:
          "This is a container (\(host.container.kind ?? "of an unknown kind"))\(privileged): "
          + "its kernel belongs to the host outside",
        instead: "Run Pawl on the host, or work below another root: --root DIR.")
    }
    if host.wsl.version == 1 {
      return KernelOwner(
        sentence: "This is WSL 1, which has no Linux kernel at all",
        instead: "Turn it into WSL 2 from Windows: wsl.exe --set-version DISTRIBUTION 2")
    }
    if let immutable = host.immutable {
      return KernelOwner(
        sentence: "The kernel of this system is part of an image (\(immutable.kind.rawValue), by "
          + "\(immutable.evidence.source))",
        instead: immutable.instead)
    }
    return nil
  }
}
