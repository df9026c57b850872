/// What DKMS has built and installed, read from its tree: steadier than the words of `dkms status`,
/// which differ from version to version.
enum DKMSModules {
  /// Names of modules that DKMS knows and that are installed for the running kernel, with
  /// underscores, sorted. Empty where DKMS has nothing; nil where that cannot be read.
  static func installed(root: HostRoot) -> [String]? {
    guard let release = root.line("/proc/sys/kernel/osrelease").value else { return nil }
    return installed(root: root, release: release)
  }

  static func installed(root: HostRoot, release: String) -> [String]? {
    switch root.list(tree) {
    case .absent: return []
    case .unreadable: return nil
    case .present(let names):
      let known = Set(names.flatMap { built(name: $0, root: root) })
      let there = outOfTree(root: root, release: release)
      return known.intersection(there).sorted()
    }
  }

  private static let tree = DKMSTree.folder

  /// Built for any kernel: where a module of another one serves (weak-updates), none is built for
  /// this. `NAME/VERSION/RELEASE/ARCH/module/FILE.ko…`
  private static func built(name: String, root: HostRoot) -> [String] {
    var folders = ["\(tree)/\(name)"]
    for _ in 0..<3 {
      folders = folders.flatMap { folder in
        (root.list(folder).value ?? []).prefix(100).map { "\(folder)/\($0)" }
          .filter { root.linkTarget($0) == nil }
      }
    }
    return folders.flatMap { root.list("\($0)/module").value ?? [] }
      .filter { ModuleName.suffix($0) != nil }.map { ModuleName.normalize($0) }
  }

  /// Distributions differ in where DKMS installs: `updates/dkms`, `extra`, `updates`. What lies
  /// below `kernel/` came with the kernel.
  private static func outOfTree(root: HostRoot, release: String) -> Set<String> {
    var found: Set<String> = []
    for folder in ["updates", "updates/dkms", "extra", "weak-updates", "misc"] {
      for base in ["/lib/modules", "/usr/lib/modules"] {
        found.formUnion(files(below: "\(base)/\(release)/\(folder)", root: root, depth: 3))
      }
    }
    return found
  }

  private static func files(below folder: String, root: HostRoot, depth: Int) -> [String] {
    (root.list(folder).value ?? []).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      if ModuleName.suffix(name) != nil {
        // A link that leads nowhere is a module of a kernel that is gone.
        return root.exists(path) ? [ModuleName.normalize(name)] : []
      }
      guard depth > 0, root.kind(path).value == .folder else { return [] }
      return files(below: path, root: root, depth: depth - 1)
    }
  }
}
