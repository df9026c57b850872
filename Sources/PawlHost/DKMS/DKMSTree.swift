/// What DKMS has, read from its own tree: steadier than the words of `dkms status`, which differ from
/// version to version.
///
/// `/var/lib/dkms/MODULE/VERSION/{source, RELEASE/ARCHITECTURE/module/*.ko*}`, and beside VERSION a link
/// `kernel-RELEASE-ARCHITECTURE` to what is installed. (dkms(8))
public struct DKMSTree: Sendable, Equatable {
  public enum State: String, Sendable, Codable {
    case added, built, installed
    /// Its source is gone.
    case broken
  }

  public struct Entry: Sendable, Equatable, Codable {
    public let module: String
    public let version: String
    /// nil where it is only added, or broken.
    @OrNull public private(set) var release: String?
    @OrNull public private(set) var architecture: String?
    public let state: State
  }

  public static let folder = "/var/lib/dkms"

  public let entries: [Entry]

  /// Absent where DKMS was never used below `root`.
  public static func read(root: HostRoot) -> Reading<DKMSTree> {
    switch root.list(folder) {
    case .absent: return .absent
    case .unreadable(let reason): return .unreadable("\(folder): \(reason)")
    case .present(let names):
      let modules = names.filter { root.kind("\(folder)/\($0)").value == .folder }
      return .present(DKMSTree(entries: modules.flatMap { entries(of: $0, root: root) }))
    }
  }

  /// What a kernel has, by name.
  public func installed(for release: String) -> [DKMSModule] {
    entries.filter { $0.release == release && $0.state == .installed }
      .map { DKMSModule(name: $0.module, version: $0.version) }
      .sorted { $0.title < $1.title }
  }

  private static func entries(of module: String, root: HostRoot) -> [Entry] {
    let place = "\(folder)/\(module)"
    return subfolders(place, root).filter { !notVersions.contains($0) }.flatMap { version in
      versionEntries(module, version, root)
    }
  }

  /// Beside the versions lie the modules that were there before.
  private static let notVersions: Set<String> = ["original_module"]

  private static func versionEntries(
    _ module: String, _ version: String, _ root: HostRoot
  ) -> [Entry] {
    let place = "\(folder)/\(module)/\(version)"
    guard root.exists("\(place)/source/dkms.conf") else {
      return [
        Entry(module: module, version: version, release: nil, architecture: nil, state: .broken)
      ]
    }
    let built = subfolders(place, root).filter { !notReleases.contains($0) }.flatMap { release in
      subfolders("\(place)/\(release)", root).filter { architecture in
        // The log of a build that failed lies there too.
        (root.list("\(place)/\(release)/\(architecture)/module").value ?? []).contains {
          ModuleName.suffix($0) != nil
        }
      }.map { architecture in
        Entry(
          module: module, version: version, release: release, architecture: architecture,
          state: isInstalled(module, version, release, architecture, root) ? .installed : .built)
      }
    }
    return built.isEmpty
      ? [Entry(module: module, version: version, release: nil, architecture: nil, state: .added)]
      : built
  }

  private static let notReleases: Set<String> = ["source", "build"]

  private static func isInstalled(
    _ module: String, _ version: String, _ release: String, _ architecture: String, _ root: HostRoot
  ) -> Bool {
    let kernel = DKMSKernel(release: release, architecture: architecture)
    return DKMSModule.installed(module, for: kernel, root: root)?.version == version
  }

  /// Links are not versions, nor releases.
  private static func subfolders(_ place: String, _ root: HostRoot) -> [String] {
    (root.list(place).value ?? []).filter {
      root.linkTarget("\(place)/\($0)") == nil && root.kind("\(place)/\($0)").value == .folder
    }
  }
}
