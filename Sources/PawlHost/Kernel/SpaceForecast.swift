import Foundation
import PawlModel

/// What a kernel build will need, per component, against what each file system has. Said in
/// numbers before the build: a disk that is full after forty minutes helps nobody.
public struct SpaceForecast: Sendable, Hashable {
  public struct Component: Sendable, Hashable {
    public var name: String
    public var path: String
    public var bytes: Int64
  }

  public let components: [Component]

  /// `config` is the final `.config`. The figures are estimates: about 140 KiB a built-in or module
  /// option without debug information and eight times that with it (kernel documentation,
  /// "How to quickly build a trimmed Linux kernel"; 12 GB and 4 GB for a distribution's options).
  /// - Parameter headers: whether what building a module needs is installed: 61 MB in 6845 files, as
  ///   measured of Debian's 6.1, whatever the configuration.
  public init(
    config: String, work: String, root: String, sourceIsThere: Bool, headers: Bool = false
  ) {
    var builtIn: Int64 = 0
    var modules: Int64 = 0
    var debug = false
    for line in config.split(separator: "\n") where line.hasPrefix("CONFIG_") {
      if line.hasSuffix("=y") { builtIn += 1 }
      if line.hasSuffix("=m") { modules += 1 }
      if line == "CONFIG_DEBUG_INFO=y" { debug = true }
    }
    let mebibyte: Int64 = 1 << 20
    let each: Int64 = (debug ? 8 : 1) * 140 << 10
    let installed = root == "/" ? "" : root
    components = [
      Component(name: "source", path: work, bytes: sourceIsThere ? 0 : 1400 * mebibyte),
      Component(
        name: "build", path: work, bytes: 200 * mebibyte + (builtIn + 2 * modules) * each),
      Component(
        name: "staging", path: work,
        bytes: (headers ? 130 : 40) * mebibyte + modules * 100 << 10),
      Component(
        name: "modules", path: installed + "/lib/modules", bytes: 4 * mebibyte + modules * 100 << 10
      ),
      Component(name: "headers", path: installed + "/usr/src", bytes: headers ? 90 * mebibyte : 0),
      Component(name: "boot", path: installed + "/boot", bytes: bootBytes(modules: modules)),
    ]
  }

  /// One line a component: what it needs and what its file system has.
  public func lines(on facts: any HostFacts) -> [String] {
    components.filter { $0.bytes > 0 }.map { component in
      let free = facts.freeBytes(at: component.path).map { "\(mebibytes($0)) MiB" } ?? "unknown"
      return "\(component.name): about \(mebibytes(component.bytes)) MiB needed in "
        + "\(component.path), \(free) free"
    }
  }

  /// Throws `refused`, naming the file system that is too small and by how much.
  public func check(on facts: any HostFacts) throws {
    var demand: [String: (bytes: Int64, free: Int64, names: [String])] = [:]
    for component in components where component.bytes > 0 {
      guard let free = facts.freeBytes(at: component.path) else { continue }
      let mount = facts.mount(of: component.path)
      let key = mount.map { "\($0.fileSystem) \($0.source)" } ?? component.path
      var entry = demand[key] ?? (0, free, [])
      entry.bytes += component.bytes
      entry.names.append(component.name)
      demand[key] = entry
    }
    for (fileSystem, entry) in demand.sorted(by: { $0.key < $1.key }) where entry.bytes > entry.free
    {
      throw PawlError(
        .refused,
        "\(fileSystem) has \(mebibytes(entry.free)) MiB free; "
          + "\(entry.names.joined(separator: ", ")) together need about \(mebibytes(entry.bytes)).",
        hint: "Free \(mebibytes(entry.bytes - entry.free)) MiB there, or use another work folder.")
    }
  }
}

/// Image, System.map, config and an initramfs, twice: hooks write aside before they rename.
private func bootBytes(modules: Int64) -> Int64 {
  let image: Int64 = 16 << 20
  let initramfs: Int64 = modules > 500 ? 80 << 20 : 8 << 20
  return image + 2 * initramfs
}

/// Rounded up: no need is told smaller than it is.
func mebibytes(_ bytes: Int64) -> Int64 { (bytes + (1 << 20) - 1) >> 20 }
