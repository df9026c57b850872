import Foundation
import PawlModel

/// What building a module needs of a kernel's source and build folders, put together as the headers packages
/// of distributions hold it, so that DKMS can build for a kernel of one's own. Runs as the build user.
/// (kernel: scripts/package/builddeb, deploy_kernel_headers; scripts/package/install-extmod-build)
public struct HeadersStage {
  private let source: String
  private let build: String
  private let target: String
  /// As the kernel's source names it: `x86`.
  private let architecture: String
  private let manager = FileManager.default

  /// - Parameter image: the kernel's image below `build`, `arch/x86/boot/bzImage` say.
  public init(source: String, build: String, image: String, stage: String, release: String) {
    self.source = source
    self.build = build
    architecture = image.split(separator: "/").dropFirst().first.map(String.init) ?? "x86"
    target = stage + Self.folder(of: release)
  }

  /// Where they are installed.
  public static func folder(of release: String) -> String { "/usr/src/linux-headers-\(release)" }

  /// Made anew as a whole: may be repeated.
  public func fill() throws {
    try? manager.removeItem(atPath: target)
    try manager.createDirectory(atPath: target, withIntermediateDirectories: true)
    try copy(ofSource, from: source)
    // The build's own over the source's: where both have a file, it is what was built with.
    try copy(ofBuild, from: build)
    for needed in ["Makefile", ".config", "Module.symvers", "include/generated/autoconf.h"] {
      guard manager.fileExists(atPath: "\(target)/\(needed)") else {
        throw PawlError(
          .stepFailed, "\(build) has no \(needed), without which no module can be built for it.",
          hint: "Is the build complete, with CONFIG_MODULES=y?")
      }
    }
    print("Staged what building a module needs in \(target).")
  }

  // MARK: - What belongs to it

  private var ofSource: [String] {
    let top = [".", "arch/\(architecture)"].flatMap { folder in
      names(in: "\(source)/\(folder)").filter { $0.hasPrefix("Makefile") }.map { "\(folder)/\($0)" }
    }
    let arch = all(below: "arch/\(architecture)", of: source).filter { path in
      let parts = path.split(separator: "/")
      return parts.dropLast().contains { ["include", "scripts"].contains($0) }
        || ["Kbuild.platforms", "Platform"].contains(parts.last)
    }
    return top + all(below: "include", of: source) + all(below: "scripts", of: source) + arch
  }

  private var ofBuild: [String] {
    let single = [
      ".config", "Module.symvers", "tools/objtool/objtool",
      "tools/bpf/resolve_btfids/resolve_btfids",
    ].filter { manager.fileExists(atPath: "\(build)/\($0)") }
    let folders = ["include", "scripts", "arch/\(architecture)/include"]
    return single + folders.flatMap { all(below: $0, of: build) }.filter(isNeeded)
  }

  /// Thousands of empty files below include/config tell make which option changed; nobody builds this kernel
  /// from here. Nor is a program linked anew.
  private func isNeeded(_ path: String) -> Bool {
    if path.hasSuffix(".o") || path.hasSuffix(".cmd") { return false }
    return !path.hasPrefix("include/config/") || LiveHost.size(of: "\(build)/\(path)") ?? 0 > 0
  }

  private func names(in folder: String) -> [String] {
    (try? manager.contentsOfDirectory(atPath: folder)) ?? []
  }

  /// Files and links, by paths below `base`.
  private func all(below folder: String, of base: String) -> [String] {
    let paths = (try? manager.subpathsOfDirectory(atPath: "\(base)/\(folder)")) ?? []
    return paths.map { "\(folder)/\($0)" }
  }

  // MARK: - Copying

  private func copy(_ paths: [String], from base: String) throws {
    for path in paths {
      let (from, to) = ("\(base)/\(path)", "\(target)/\(path)")
      guard try isWanted(from) else { continue }
      let folder = (to as NSString).deletingLastPathComponent
      try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
      if (try? manager.attributesOfItem(atPath: to)) != nil { try manager.removeItem(atPath: to) }
      try manager.copyItem(atPath: from, toPath: to)
    }
  }

  /// A link out of the tree would lead to something else once it is installed.
  private func isWanted(_ path: String) throws -> Bool {
    switch try manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType {
    case .typeRegular?: true
    case .typeSymbolicLink?:
      try !manager.destinationOfSymbolicLink(atPath: path).hasPrefix("/")
        && manager.fileExists(atPath: path)
    case .none, .some: false
    }
  }
}
