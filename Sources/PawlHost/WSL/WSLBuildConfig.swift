import PawlModel

/// The configuration that the build of a WSL kernel begins with, written where the build really reads it.
public struct WSLBuildConfig {
  public let source: String
  public let build: String
  /// A file, or `auto`: that of Microsoft in the source, else that of the running kernel.
  public let from: String
  /// Modules go into the image: without a disk of them WSL has none.
  public let isBuiltIn: Bool
  public let root: HostRoot

  public init(source: String, build: String, from: String, isBuiltIn: Bool, root: HostRoot) {
    self.source = source
    self.build = build
    self.from = from
    self.isBuiltIn = isBuiltIn
    self.root = root
  }

  /// What survives a power cut: no `.config`, or the whole.
  public func write(with files: any HostFiles) throws {
    let (bytes, place) = try found()
    let wanted = isBuiltIn ? Self.builtIn(bytes) : bytes
    let target = "\(build)/.config"
    _ = try files.publish(
      at: target, metadata: nil, mode: 0o644, replacing: try files.state(at: target),
      as: LiveHost.ownIdentity()
    ) { try $0(wanted) }
    print("The configuration begins with \(place).")
  }

  private func found() throws(PawlError) -> (bytes: [UInt8], place: String) {
    guard from == "auto" else {
      guard let bytes = HostRoot.live.read(from).value else {
        throw PawlError(
          .noInput, "\(from) cannot be read.", hint: "Name another with --set config=…")
      }
      return (bytes, from)
    }
    let tree = HostRoot(path: source)
    for name in Self.ofMicrosoft {
      if let bytes = tree.read(name).value { return (bytes, source + name) }
    }
    if let bytes = root.read("/proc/config.gz").flatMap({ Gzip.unpack($0) }).value {
      return (bytes, "/proc/config.gz, the running kernel's")
    }
    throw PawlError(
      .noInput,
      "The source has no configuration of Microsoft's for WSL, and the running kernel tells none.",
      hint: "Name one with --set config=FILE.")
  }

  /// `=m` becomes `=y`, as `make mod2yesconfig` has it; what can be a module only is told by
  /// `olddefconfig` later.
  static func builtIn(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    var start = 0
    while start < result.count {
      let end = result[start...].firstIndex(of: UInt8(ascii: "\n")) ?? result.count
      let isOption = result[start..<end].starts(with: Array("CONFIG_".utf8))
      if isOption, end - start > 2, result[end - 2] == UInt8(ascii: "="),
        result[end - 1] == UInt8(ascii: "m")
      {
        result[end - 1] = UInt8(ascii: "y")
      }
      start = end + 1
    }
    return result
  }

  /// (WSL2-Linux-Kernel: README; older branches kept it below arch)
  private static var ofMicrosoft: [String] {
    #if arch(arm64)
      ["/Microsoft/config-wsl-arm64", "/arch/arm64/configs/config-wsl-arm64"]
    #else
      ["/Microsoft/config-wsl", "/arch/x86/configs/config-wsl"]
    #endif
  }
}
