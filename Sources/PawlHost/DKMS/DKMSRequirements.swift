import PawlModel

/// What stands against building a module with DKMS, looked at before anything is changed: DKMS says it
/// with a number, and after a build of half an hour.
public struct DKMSRequirements {
  private let target: DKMSTarget

  private var root: HostRoot { target.root }
  private var module: DKMSModule { target.module }
  private var kernel: DKMSKernel { target.kernel }

  public init(_ target: DKMSTarget) { self.target = target }

  /// The one that is meant where no version was named. Throws `refused` where there is none of that name.
  public static func module(
    _ name: String, version: String?, root: HostRoot
  ) throws(PawlError) -> DKMSModule {
    try requireProgram(root)
    if let version { return DKMSModule(name: name, version: version) }
    if let newest = DKMSModule.newest(name, root: root) { return newest }
    throw PawlError(
      .refused, "DKMS has no module \(name), and /usr/src has no \(name)-VERSION with a dkms.conf.",
      hint: "`dkms status` lists what it has; install the package of the driver first.")
  }

  /// Throws what has to be done first.
  public func check() throws(PawlError) {
    try check(headersMayCome: false)
  }

  /// The same before there is a plan, which may begin with installing the headers.
  @discardableResult
  public func check(headersMayCome: Bool) throws(PawlError) -> DKMSConf {
    try Self.requireProgram(root)
    let conf = try requireConf()
    try requireKernel()
    if !headersMayCome { try requireHeaders() }
    try refuseExcluded(conf)
    try refuseWritableSource()
    return conf
  }

  private static func requireProgram(_ root: HostRoot) throws(PawlError) {
    let places = ["/usr/sbin/dkms", "/sbin/dkms", "/usr/bin/dkms"]
    guard !places.contains(where: root.exists) else { return }
    throw PawlError(
      .refused, "DKMS is not installed.", hint: "Install the package dkms, then plan again.")
  }

  @discardableResult
  func requireConf() throws(PawlError) -> DKMSConf {
    switch module.conf(root: root) {
    case .present(let conf):
      guard conf.modules.isEmpty else { return conf }
      throw PawlError(
        .refused,
        "The dkms.conf of \(target.title) names no module that could be looked for afterwards.",
        hint: conf.dynamicLines.isEmpty
          ? "Is it a dkms.conf at all?"
          : "Line \(conf.dynamicLines[0]) puts its names together while it runs; build it by hand.")
    case .absent:
      throw PawlError(
        .refused, "DKMS has no \(target.title), and there is no \(module.source)/dkms.conf.",
        hint: "`dkms status` lists what it has; install the package of the driver first.")
    case .unreadable(let reason):
      throw PawlError(.inputOutput, reason, hint: "Look at it, then plan again.")
    }
  }

  func requireKernel() throws(PawlError) {
    guard root.exists(kernel.modules) else {
      throw PawlError(
        .refused, "The kernel \(kernel.release) is not installed: there is no \(kernel.modules).",
        hint: "ls /lib/modules lists those that are.")
    }
  }

  private func requireHeaders() throws(PawlError) {
    guard kernel.hasHeaders(root: root) else {
      throw PawlError(
        .refused, "The headers of the kernel \(kernel.release) are not at \(kernel.headers).",
        hint: "Install them: \(KernelHeaders.package(kernel, root: root) ?? "the headers package")."
      )
    }
  }

  /// DKMS's exit status 77: skipped, and no failure.
  private func refuseExcluded(_ conf: DKMSConf) throws(PawlError) {
    let config = KernelConfig.read("\(kernel.headers)/.config", root: root).value
    let excluded = conf.exclusion(
      release: kernel.release, architecture: kernel.architecture, config: config)
    guard let excluded else { return }
    throw PawlError(
      .refused, "\(target.title) says that it is not for this kernel: \(excluded).",
      hint: "DKMS would skip it in silence; take another version of it, or another kernel.")
  }

  /// DKMS runs, as root, what stands there.
  private func refuseWritableSource() throws(PawlError) {
    guard root.isLive else { return }
    let source = target.isRegistered ? "\(module.folder)/source" : module.source
    for path in [source] + Self.programs(below: source, root: root) {
      do { try TrustedPath(path: path).check() } catch {
        guard case .writable(let part, let by) = error else { continue }
        throw PawlError(
          .refused, "\(part) can be changed by \(by), and DKMS would run it as root.",
          hint: "Have root own it alone: chown -R root: and chmod -R go-w \(module.source).")
      }
    }
  }

  /// All files, at most a few thousand: a Makefile may run any of them.
  private static func programs(below folder: String, root: HostRoot) -> [String] {
    var found: [String] = []
    var waiting = [folder]
    while let next = waiting.popLast(), found.count < 5000 {
      for name in root.list(next).value ?? [] {
        let path = "\(next)/\(name)"
        found.append(path)
        if root.linkTarget(path) == nil, root.kind(path).value == .folder { waiting.append(path) }
      }
    }
    return found
  }
}
