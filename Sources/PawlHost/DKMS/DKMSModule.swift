/// A module of DKMS in one version, and where DKMS keeps what belongs to it. (dkms(8))
public struct DKMSModule: Sendable, Hashable {
  public let name: String
  public let version: String

  public init(name: String, version: String) {
    self.name = name
    self.version = version
  }

  /// As DKMS writes it: `nvidia/535.183.01`.
  public var title: String { "\(name)/\(version)" }

  /// Once it is registered with DKMS.
  var folder: String { "\(DKMSTree.folder)/\(name)/\(version)" }

  /// From where DKMS registers it.
  var source: String { "/usr/src/\(name)-\(version)" }

  /// What DKMS made of it for a kernel: `log/` and `module/`.
  func built(for kernel: DKMSKernel) -> String {
    "\(folder)/\(kernel.release)/\(kernel.architecture)"
  }

  func isRegistered(root: HostRoot) -> Bool { root.exists("\(folder)/source/dkms.conf") }

  /// Of the registered source, else of the one that would be registered.
  func conf(root: HostRoot) -> Reading<DKMSConf> {
    for folder in ["\(folder)/source", source] {
      switch root.text("\(folder)/dkms.conf") {
      case .present(let text): return .present(DKMSConf(text: text))
      case .unreadable(let reason): return .unreadable("\(folder)/dkms.conf: \(reason)")
      case .absent: continue
      }
    }
    return .absent
  }

  // MARK: - On a host

  /// The newest version that DKMS has, else that it could register from `/usr/src`.
  public static func newest(_ name: String, root: HostRoot) -> DKMSModule? {
    let registered = (DKMSTree.read(root: root).value?.entries ?? []).filter { $0.module == name }
    let versions = registered.isEmpty ? unregistered(name, root) : registered.map(\.version)
    return versions.max { VersionOrder.compare($0, $1) < 0 }.map {
      DKMSModule(name: name, version: $0)
    }
  }

  private static func unregistered(_ name: String, _ root: HostRoot) -> [String] {
    (root.list("/usr/src").value ?? []).compactMap { folder in
      guard folder.hasPrefix("\(name)-"), let text = root.text("/usr/src/\(folder)/dkms.conf").value
      else { return nil }
      let version = String(folder.dropFirst(name.count + 1))
      let conf = DKMSConf(text: text)
      // `nvidia-fs-2.1` is no version of `nvidia`.
      return conf.name == nil || conf.name == name ? version : nil
    }
  }

  /// The one whose modules a kernel has now; nil where none is.
  static func installed(_ name: String, for kernel: DKMSKernel, root: HostRoot)
    -> DKMSModule?
  {
    let link = "\(DKMSTree.folder)/\(name)/kernel-\(kernel.release)-\(kernel.architecture)"
    return root.linkTarget(link)?.split(separator: "/").first.map {
      DKMSModule(name: name, version: String($0))
    }
  }
}

/// A kernel as DKMS names it.
public struct DKMSKernel: Sendable, Hashable {
  public let release: String
  /// As `uname -m` says it.
  public let architecture: String

  public init(release: String, architecture: String) {
    self.release = release
    self.architecture = architecture
  }

  /// Of this machine's architecture: DKMS builds for no other one here.
  public static func ofThisMachine(_ release: String) -> DKMSKernel {
    DKMSKernel(
      release: release,
      architecture: HostIdentity.detect(root: .live).architecture ?? "x86_64")
  }

  var modules: String { "/lib/modules/\(release)" }
  /// Where building finds the kernel's headers.
  var headers: String { "\(modules)/build" }

  /// What building a module needs of them: a Makefile, the configuration and what was made of it.
  public func hasHeaders(root: HostRoot) -> Bool {
    ["Makefile", ".config", "include/generated/autoconf.h"].allSatisfy {
      root.exists("\(headers)/\($0)")
    }
  }
}
