import CPawl
import Glibc
import PawlModel

/// Removes from a build folder what may be torn. Called as the build user; follows no link, so
/// that nothing outside the folder, the source least of all, can be reached.
struct BuildRepair {
  let folder: Descriptor
  let path: String

  func perform(_ treatment: TreeTreatment) throws -> TreeRepair {
    switch treatment {
    case .trust, .refuse: return TreeRepair()
    case .clean: return try clean()
    case .removeInFlight(let cutoff):
      return try repair(cutoff: cutoff) { $0.afterKill() }
    case .repairAfterCut(let cutoff):
      return try repair(cutoff: cutoff) { $0.afterCut(now: nanoseconds(CLOCK_REALTIME)) }
    }
  }

  private func repair(
    cutoff: Int64, _ select: (RepairSelection) -> [String: RepairSelection.Reason]
  ) throws -> TreeRepair {
    var files: [BuiltFile] = []
    try walk { files.append($0) }
    let selection = RepairSelection(files, cutoff: cutoff)
    let selected = select(selection)
    for path in selected.keys.sorted() { try remove(path) }
    let counts = Dictionary(selected.values.map { ($0.rawValue, 1) }, uniquingKeysWith: +)
    return TreeRepair(removed: counts, kept: files.count - selected.count)
  }

  // MARK: - Reading

  private func walk(_ take: (BuiltFile) throws -> Void) throws {
    try walk(folder, prefix: "", take)
  }

  private func walk(
    _ folder: Descriptor, prefix: String, _ take: (BuiltFile) throws -> Void
  ) throws {
    for name in try FolderListing.names(in: folder, path: path + "/" + prefix) {
      let place = Place(folder: folder, name: name, path: "\(path)/\(prefix)\(name)")
      guard let standing = try Standing.find(place) else { continue }
      if standing.isFolder {
        try walk(try open(name, in: folder, place.path), prefix: prefix + name + "/", take)
      } else if standing.isFile {
        try take(
          BuiltFile(
            path: prefix + name, size: standing.size,
            touched: max(standing.modifiedNanos, standing.changedNanos),
            looksTorn: looksTorn(place, standing)))
      }
    }
  }

  private func open(_ name: String, in folder: Descriptor, _ path: String) throws -> Descriptor {
    try Descriptor(taking: pawl_open_folder(folder.raw, name), "open", path)
  }

  /// A second net only; the cutoff has to suffice alone. Empty stamps are empty by design.
  private func looksTorn(_ place: Place, _ standing: Standing) -> Bool {
    guard let kinds = beginnings.first(where: { place.name.hasSuffix($0.suffix) }) else {
      return false
    }
    if standing.size == 0 { return true }
    guard !kinds.starts.isEmpty else { return false }
    let opened = pawl_open_reading(place.folder.raw, place.name)
    guard let file = try? Descriptor(taking: opened, "read", place.path),
      let bytes = try? file.read(from: 0, limit: 8, path: place.path)
    else { return false }
    return !kinds.starts.contains { bytes.starts(with: $0) }
  }

  // MARK: - Removing

  private func remove(_ relative: String) throws {
    let parts = relative.split(separator: "/").map(String.init)
    var current = folder
    for part in parts.dropLast() { current = try open(part, in: current, path) }
    guard let name = parts.last else { return }
    guard unlinkat(current.raw, name, 0) != 0, errno != ENOENT else { return }
    throw systemFault(errno, "remove", "\(path)/\(relative)")
  }

  private func clean() throws -> TreeRepair {
    var count = 0
    for name in try FolderListing.names(in: folder, path: path)
    where name != ".config" && !name.hasPrefix(".pawl-") {
      count += try removeAll(name, in: folder, path + "/" + name)
    }
    return TreeRepair(removed: ["made before": count])
  }

  private func removeAll(_ name: String, in folder: Descriptor, _ path: String) throws -> Int {
    let place = Place(folder: folder, name: name, path: path)
    guard let standing = try Standing.find(place) else { return 0 }
    guard standing.isFolder else {
      try calling("remove", path) { unlinkat(folder.raw, name, 0) }
      return 1
    }
    let inner = try open(name, in: folder, path)
    var count = 0
    for child in try FolderListing.names(in: inner, path: path) {
      count += try removeAll(child, in: inner, path + "/" + child)
    }
    try calling("remove", path) { unlinkat(folder.raw, name, AT_REMOVEDIR) }
    return count
  }
}

/// How a whole file of each kind begins; with no beginnings, it only has to hold something.
private let beginnings: [(suffix: String, starts: [[UInt8]])] = [
  (".o", [[0x7f, 0x45, 0x4c, 0x46], [0x42, 0x43, 0xc0, 0xde]]),
  (".ko", [[0x7f, 0x45, 0x4c, 0x46]]),
  (".a", [Array("!<arch>\n".utf8), Array("!<thin>\n".utf8)]),
  (".cmd", []),
]
