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

    var suffixes: [String] {
      switch self {
      case .deb: [".deb"]
      case .rpm: [".rpm"]
      case .pacman: [".pkg.tar.zst", ".pkg.tar.xz", ".pkg.tar.gz", ".pkg.tar"]
      }
    }

    /// Lists the files in one, a path in each line. (dpkg-deb(1), rpm(8), pacman(8))
    func listing(_ path: String) -> [String] {
      switch self {
      case .deb: ["dpkg-deb", "--contents", path]
      case .rpm: ["rpm", "--query", "--list", "--package", path]
      case .pacman: ["pacman", "--query", "--list", "--quiet", "--file", path]
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
    let found = candidates()
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
  private func isOfThisBuild(_ path: String) -> Bool {
    let name = (path as NSString).lastPathComponent
    // rpm and pacman turn a dash in a version into an underscore or a dot.
    let spellings = ["-", "_", "."].map { release.replacing("-", with: $0) }
    return spellings.contains(where: name.contains)
  }

  private func isToBeInstalled(_ name: String) -> Bool { !name.contains("-dbg") }

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
