import Foundation
import PawlModel

/// The packages that the kernel's own Makefile made of a build, gathered into one folder and looked into: a
/// package manager removes a kernel that it installed, and leaves nothing. (kernel: scripts/Makefile.package)
public struct KernelPackages {
  /// What packages are made for, and how one of them is looked into.
  public enum Format: String, Sendable, CaseIterable {
    case deb, rpm, pacman

    /// Of a family of distributions; nil where the kernel's Makefile has none for it.
    public static func of(_ family: DistributionFamily) -> Format? { families[family] }

    private static let families: [DistributionFamily: Format] = [
      .debian: .deb, .rhel: .rpm, .suse: .rpm, .arch: .pacman,
    ]

    /// The target of the kernel's Makefile.
    public var target: String {
      switch self {
      case .deb: "bindeb-pkg"
      case .rpm: "binrpm-pkg"
      case .pacman: "pacman-pkg"
      }
    }

    /// Which kernel was the first to have it.
    private var since: [Int] { self == .pacman ? [6, 11] : [] }

    /// Throws `refused` for a source that is too old: make would say so after everything else was made.
    public func require(of version: String) throws(PawlError) {
      let numbers = KernelVersion.upstream(version)
      guard !numbers.isEmpty, numbers.lexicographicallyPrecedes(since) else { return }
      let first = since.map(String.init).joined(separator: ".")
      throw PawlError(
        .refused, "Linux \(version) makes no packages for \(self): \(target) came with \(first).",
        hint: "Take a newer source (--set source=…), or another format.")
    }

    /// Packages of Debian that make and list them, besides what every build needs.
    public var debianTools: [String] {
      switch self {
      case .deb: ["debhelper"]
      case .rpm: ["rpm"]
      case .pacman: ["makepkg", "pacman-package-manager", "libarchive-tools"]
      }
    }

    /// What makepkg is told. On a host of another family pacman's database knows of no package that a build
    /// needs; rpmbuild is told as much by the kernel's own Makefile.
    public static func makepkgOptions(on builder: DistributionFamily) -> String {
      builder == .arch ? "" : "--nodeps"
    }

    /// A release as the names of files have it. (kernel: mkdebian, kernel.spec, PKGBUILD)
    func spelling(_ release: String) -> String {
      switch self {
      case .deb: release
      case .rpm: release.replacing("-", with: "_")
      case .pacman:
        release.replacing("-rc", with: "rc", maxReplacements: 1).replacing("-", with: "_")
      }
    }

    /// Between the number of the build and the architecture, where the version before them is the release.
    var separator: String? {
      switch self {
      case .deb: nil
      case .rpm: "."
      case .pacman: "-"
      }
    }

    /// How names of packages end that are not for every host: symbols, and what programs are compiled with,
    /// which a distribution has of its own and which would be replaced, or refuse its rival.
    var extras: [String] {
      switch self {
      case .deb: ["-dbg"]
      case .rpm: ["-headers", "-debuginfo"]
      case .pacman: ["-api-headers", "-debug"]
      }
    }

    var suffixes: [String] {
      switch self {
      case .deb: [".deb"]
      case .rpm: [".rpm"]
      case .pacman: [".pkg.tar.zst", ".pkg.tar.xz", ".pkg.tar.gz", ".pkg.tar"]
      }
    }

    /// Lists the files in one, a path in each line. pacman itself first makes its database where it has none,
    /// which the build user may not; bsdtar is what makepkg packs with. (dpkg-deb(1), rpm(8), bsdtar(1))
    func listing(_ path: String) -> [String] {
      switch self {
      case .deb: ["dpkg-deb", "--contents", path]
      case .rpm: ["rpm", "--query", "--list", "--package", path]
      case .pacman: ["bsdtar", "--list", "--file", path]
      }
    }

    /// What a person then types, for a list of files.
    func installation(_ names: [String]) -> String {
      switch self {
      case .deb: "apt install " + names.map { "./\($0)" }.joined(separator: " ")
      case .rpm: "rpm -i " + names.joined(separator: " ")
      case .pacman: "pacman -U " + names.joined(separator: " ")
      }
    }
  }

  private let work: String
  private let release: String
  private let format: Format

  /// `work`: the folder with the build in it.
  public init(work: String, release: String, format: Format) {
    self.work = work
    self.release = release
    self.format = format
  }

  private var folder: String { "\(work)/packages" }

  /// Copies them to `WORK/packages`, which is made anew. Throws where no one of them has the image and the
  /// modules of the release.
  public func gather(asking information: ToolOutput) throws {
    let found = newest(candidates())
    let manager = FileManager.default
    try? manager.removeItem(atPath: folder)
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for path in found {
      try manager.copyItem(
        atPath: path, toPath: "\(folder)/\((path as NSString).lastPathComponent)")
    }
    let names = (try? manager.contentsOfDirectory(atPath: folder).sorted()) ?? []
    let files = try names.map { ($0, try contents(of: "\(folder)/\($0)", information)) }
    guard files.contains(where: { holdsKernel($0.1) }) else {
      throw PawlError(
        .stepFailed,
        "make \(format.target) ended well, and no package below \(work) has the image and the modules "
          + "of \(release).",
        hint: names.isEmpty
          ? "Nothing ending in \(format.suffixes[0]) was found."
          : "There are: \(HostText.list(names))")
    }
    for (name, list) in files { print("\(name): \(list.count) files") }
    print("To install: cd \(folder); \(format.installation(names.filter(isToBeInstalled)))")
  }

  /// Below the work folder, the build folder's own places for packages, and a home that rpmbuild was given.
  private func candidates() -> [String] {
    let places = ["", "/build", "/build/pacman", "/build/rpmbuild/RPMS", "/rpmbuild/RPMS"]
    return places.flatMap { place -> [String] in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: work + place)) ?? []
      let below = names.flatMap { name -> [String] in
        guard place.hasSuffix("RPMS") else { return [] }
        let inner = try? FileManager.default.contentsOfDirectory(atPath: "\(work)\(place)/\(name)")
        return (inner ?? []).map { "\(name)/\($0)" }
      }
      return (names + below).map { "\(work)\(place)/\($0)" }
    }.filter { path in format.suffixes.contains(where: path.hasSuffix) && isOfThisBuild(path) }
  }

  /// Packages of an earlier release may lie beside them.
  private func isOfThisBuild(_ path: String) -> Bool { kind(path) != nil }

  /// The name without the version, which ends with the number of the build; nil where it is of another
  /// release. The version in a name of Debian's need not have the release's local part: 6.12 leaves it out.
  private func kind(_ path: String) -> String? {
    let name = (path as NSString).lastPathComponent
    guard let separator = format.separator else {
      let package = String(name.prefix { $0 != "_" })
      let isOfRelease = ["", "-dbg"].contains { package.hasSuffix("-\(release)\($0)") }
      return isOfRelease ? package : nil
    }
    guard let version = name.range(of: "-\(format.spelling(release))-", options: .backwards)
    else { return nil }
    let number = name[version.upperBound...].prefix { $0.isASCII && $0.isNumber }
    let isNext = name[number.endIndex...].hasPrefix(separator)
    return !number.isEmpty && isNext ? String(name[..<version.lowerBound]) : nil
  }

  /// One of each kind. Every attempt counts the number of the build up: what an attempt made that was cut off
  /// lies beside that of the last one, and may be half a package.
  private func newest(_ paths: [String]) -> [String] {
    var kept: [String: (path: String, made: Date)] = [:]
    for path in paths {
      guard let kind = kind(path) else { continue }
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      let made = attributes?[.modificationDate] as? Date ?? .distantPast
      if let other = kept[kind], other.made > made { continue }
      kept[kind] = (path, made)
    }
    return kept.values.map(\.path).sorted()
  }

  private func isToBeInstalled(_ name: String) -> Bool {
    !format.extras.contains { (kind(name) ?? "").hasSuffix($0) }
  }

  private func contents(of path: String, _ information: ToolOutput) throws -> [Substring] {
    switch information.text(format.listing(path), seconds: 300, limit: 64 << 20) {
    case .present(let text): return text.split(separator: "\n")
    case .absent: return []
    case .unreadable(let reason):
      throw PawlError(
        .stepFailed, "\(path) cannot be looked into: \(reason)",
        hint: "Is \(format.listing(path)[0]) installed here?")
    }
  }

  private func holdsKernel(_ files: [Substring]) -> Bool {
    let images = ["/boot/vmlinuz-\(release)", "/lib/modules/\(release)/vmlinuz"]
    return files.contains { line in images.contains { line.hasSuffix($0) } }
      && files.contains { $0.contains("/lib/modules/\(release)/modules.") }
  }
}
