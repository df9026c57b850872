import PawlModel

/// What a program needs of a kernel: a list of symbols, modules and versions, as data with its source.
public struct NeedList: Sendable, Equatable {
  /// As `pawl check NAME` takes it.
  public let name: String
  public let title: String
  /// Where the list is from.
  public let source: String
  /// When it was compared with its source, year and month.
  public let version: String
  public let needs: [Need]

  /// Those that come with Pawl, in the order in which they are listed.
  public static let shipped: [(name: String, bytes: [UInt8])] = [
    ("docker", PackageResources.docker_txt), ("kubernetes", PackageResources.kubernetes_txt),
    ("cilium", PackageResources.cilium_txt), ("istio", PackageResources.istio_txt),
    ("wireguard", PackageResources.wireguard_txt), ("vfio", PackageResources.vfio_txt),
    ("btrfs", PackageResources.btrfs_txt), ("nfs", PackageResources.nfs_txt),
    ("zfs", PackageResources.zfs_txt),
  ]

  /// nil where none of that name comes with Pawl.
  public static func named(_ name: String) throws(PawlError) -> NeedList? {
    guard let entry = shipped.first(where: { $0.name == name }) else { return nil }
    return try NeedList(name: name, text: String(decoding: entry.bytes, as: UTF8.self))
  }

  /// `title:`, `source:` and `version:`, then one need a line; `#` begins a comment. Throws
  /// `badRecipe` with the line that cannot be read.
  public init(name: String, text: String) throws(PawlError) {
    var fields: [String: String] = [:]
    var needs: [Need] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.prefix { $0 != "#" }.trimmingWhitespace()
      if line.isEmpty { continue }
      if let need = Need(line: line) {
        needs.append(need)
      } else if let colon = line.firstRange(of: ": ") {
        fields[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
      } else {
        throw PawlError(.badRecipe, "Line \(index + 1) of the list \(name) cannot be read: \(line)")
      }
    }
    for field in ["title", "source", "version"] where fields[field] == nil {
      throw PawlError(.badRecipe, "The list \(name) has no \(field).")
    }
    self.name = name
    title = fields["title"] ?? ""
    source = fields["source"] ?? ""
    version = fields["version"] ?? ""
    self.needs = needs
  }
}

/// One thing that is needed: `LEVEL KIND NAME[|ALIAS…] [from V] [before V] [cgroup 1|2] [dkms PACKAGE]`.
public struct Need: Sendable, Equatable {
  public enum Level: String, Sendable, Codable { case required, optional }

  public enum Subject: Sendable, Equatable {
    /// Without `CONFIG_`; of several names one is enough.
    case symbol([String])
    case module(String)
    /// This version at least.
    case kernel(String)
    /// Control groups are mounted, of either version.
    case cgroups
  }

  public let level: Level
  public let subject: Subject
  /// Kernels from this version on need it, the version included.
  public var from: String?
  /// Kernels before this version need it.
  public var before: String?
  /// It is needed with this version of control groups only.
  public var cgroup: Int?
  /// The module is none of Linux: DKMS builds it, from this package.
  public var dkmsPackage: String?

  /// nil where the line is none.
  init?(line: String) {
    var words = line.words()[...]
    guard let level = words.popFirst().flatMap(Level.init), let kind = words.popFirst() else {
      return nil
    }
    self.level = level
    if kind == "cgroups" {
      subject = .cgroups
    } else {
      guard let name = words.popFirst() else { return nil }
      switch kind {
      case "symbol": subject = .symbol(name.split(separator: "|").map(String.init))
      case "module": subject = .module(name)
      case "kernel": subject = .kernel(name)
      default: return nil
      }
    }
    while let word = words.popFirst() {
      guard let value = words.popFirst() else { return nil }
      switch word {
      case "from": from = value
      case "before": before = value
      case "cgroup":
        guard let number = Int(value), (1...2).contains(number) else { return nil }
        cgroup = number
      case "dkms": dkmsPackage = value
      default: return nil
      }
    }
  }

  /// Whether a kernel of this release, with this version of control groups, needs it. What is not
  /// known leaves it in.
  func concerns(release: String?, cgroup version: Int?) -> Bool {
    if let release {
      if let from, KernelVersion.precedes(release, from) { return false }
      if let before, !KernelVersion.precedes(release, before) { return false }
    }
    guard let cgroup, let version else { return true }
    return cgroup == version
  }
}
