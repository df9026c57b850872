import PawlModel

/// A disk with a cache that tells the truth to whoever looks and forgets at a power cut. Every
/// path has the version that is on the platter and, until somebody syncs, the versions since.
struct SimulatedDisk {
  struct Node: Hashable {
    let bytes: [UInt8]
    var metadata: FileMetadata
    let digest: Digest

    init(bytes: [UInt8], metadata: FileMetadata) {
      self.bytes = bytes
      self.metadata = metadata
      digest = SHA256.hash(bytes)
    }

    var state: FileState { .file(metadata, digest: digest, size: Int64(bytes.count)) }
  }

  /// What a power cut does with what was never synced.
  enum Loss: Hashable {
    case everything
    case nothing
    /// Each file fares on its own: kept, older, empty, half, or with stale metadata.
    case atRandom
  }

  private(set) var live: [String: Node] = [:]
  private(set) var durable: [String: Node] = [:]
  private(set) var folders: [String: UInt32] = [:]
  private var unsynced: [String: [Node?]] = [:]

  init(files: [String: Node]) {
    live = files
    durable = files
  }

  subscript(path: String) -> Node? { live[path] }

  func isFolder(_ path: String) -> Bool {
    path == "/" || folders[path] != nil || live.keys.contains { $0.hasPrefix(path + "/") }
  }

  func folders(below folder: String) -> [String] {
    folders.keys.filter { $0.hasPrefix(folder + "/") }.sorted()
  }

  func state(at path: String) -> FileState {
    if let node = live[path] { return node.state }
    return isFolder(path) ? .other(kind: "folder") : .absent
  }

  func isSynced(_ path: String) -> Bool { unsynced[path] == nil }

  var unsyncedPaths: [String] { unsynced.keys.sorted() }

  func paths(below folder: String) -> [String] {
    live.keys.filter { $0.hasPrefix(folder + "/") }.sorted()
  }

  // MARK: - Changing

  /// As a program writes: others see it at once, a power cut may undo it in part.
  mutating func write(_ node: Node?, at path: String) {
    live[path] = node
    unsynced[path, default: []].append(node)
  }

  /// As a careful program writes: aside, synced, renamed, folder synced.
  mutating func writeDurably(_ node: Node?, at path: String) {
    live[path] = node
    durable[path] = node
    unsynced[path] = nil
  }

  /// With its missing parents.
  mutating func makeFolders(_ path: String, mode: UInt32) {
    let parts = path.split(separator: "/")
    for end in parts.indices {
      let folder = "/" + parts[...end].joined(separator: "/")
      if folders[folder] == nil { folders[folder] = mode }
    }
  }

  mutating func removeFolder(_ path: String) { folders[path] = nil }

  mutating func sync(where isHeld: (String) -> Bool = { _ in true }) {
    for path in unsynced.keys where isHeld(path) {
      durable[path] = live[path]
      unsynced[path] = nil
    }
  }

  // MARK: - Losing power

  mutating func losePower(_ loss: Loss, dice: inout Dice) {
    for path in unsyncedPaths {
      let versions = unsynced[path] ?? []
      let left: Node? =
        switch loss {
        case .everything: durable[path]
        case .nothing: live[path]
        case .atRandom: Self.remains(of: [durable[path]] + versions, dice: &dice)
        }
      live[path] = left
      durable[path] = left
    }
    unsynced = [:]
  }

  /// Data and metadata reach the platter each in their own time; of the data, any part.
  private static func remains(of versions: [Node?], dice: inout Dice) -> Node? {
    guard let version = versions[dice.below(versions.count)] else { return nil }
    let kept = dice.below(version.bytes.count + 1)
    let bytes: [UInt8] =
      switch dice.below(4) {
      case 0: []
      case 1: Array(version.bytes.prefix(kept))
      case 2: version.bytes.prefix(kept) + [UInt8](repeating: 0, count: version.bytes.count - kept)
      default: version.bytes
      }
    let metadata = versions[dice.below(versions.count)]?.metadata ?? version.metadata
    return Node(bytes: bytes, metadata: metadata)
  }
}
