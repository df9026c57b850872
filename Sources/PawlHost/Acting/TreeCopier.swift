import CPawl
import Glibc
import PawlModel

/// Copies what a manifest lists. Files are prepared under temporary names, a batch at a time made
/// durable by one `syncfs`, read back, and only then given their names: a crash leaves whole files,
/// temporary files, or nothing. Repeating the copy goes on from there.
struct TreeCopier {
  private static let batchFiles = 128
  private static let batchBytes: Int64 = 64 << 20

  private let identity: Identity
  private let target: Descriptor
  private let targetPath: String
  private var sources: TreeFolders
  private var targets: TreeFolders
  private var batch: [(aside: AsideFile, entry: Manifest.Entry)] = []
  private var batchSize: Int64 = 0

  /// Called with the identity assumed, like everything here.
  static func copy(
    _ manifest: Manifest, to path: String, walk: FolderWalk, as identity: Identity
  ) throws {
    let source = try walk.folder(manifest.root)
    let target = try walk.makeFolder(path, mode: 0o755)
    var copier = TreeCopier(source, manifest.root, target, path, identity)
    _ = try FolderListing.removeLeftovers(in: target, path: path)
    for entry in manifest.entries { try copier.copy(entry) }
    try copier.publishBatch()
    try syncWhole(target, path: path)
  }

  private init(
    _ source: Descriptor, _ sourcePath: String, _ target: Descriptor, _ targetPath: String,
    _ identity: Identity
  ) {
    self.identity = identity
    self.target = target
    self.targetPath = targetPath
    sources = TreeFolders(base: source, path: sourcePath)
    targets = TreeFolders(base: target, path: targetPath)
  }

  private mutating func copy(_ entry: Manifest.Entry) throws {
    let place = try targets.place(entry)
    let standing = try Standing.find(place)
    switch entry.kind {
    case .folder: try makeFolder(entry, place, standing)
    case .link: try makeLink(entry, place, standing)
    case .file:
      guard let standing else { return try prepare(entry, place) }
      guard standing.isFile, try FileReading.state(place).digest == entry.digest else {
        throw TreeCopier.occupied(place)
      }
    }
  }

  private func makeFolder(_ entry: Manifest.Entry, _ place: Place, _ standing: Standing?) throws {
    guard let standing else {
      _ = try FolderWalk.make(
        place.name, in: place.folder, mode: mode(of: entry), path: place.path)
      return
    }
    guard standing.isFolder else { throw TreeCopier.occupied(place) }
    let opened = pawl_open_folder(place.folder.raw, place.name)
    let folder = try Descriptor(taking: opened, "open", place.path)
    _ = try FolderListing.removeLeftovers(in: folder, path: place.path)
  }

  private func makeLink(_ entry: Manifest.Entry, _ place: Place, _ standing: Standing?) throws {
    let wanted = entry.target ?? ""
    if let standing {
      guard standing.isLink,
        try linkTarget(of: place.folder, name: place.name, path: place.path) == wanted
      else { throw TreeCopier.occupied(place) }
      return
    }
    try calling("make the link", place.path) {
      symlinkat(wanted, place.folder.raw, place.name)
    }
  }

  private mutating func prepare(_ entry: Manifest.Entry, _ place: Place) throws {
    let aside = try AsideFile(for: place, as: identity)
    let source = try sources.place(entry)
    guard let standing = try Standing.find(source),
      let reading = try FileReading(source, standing: standing)
    else { throw TreeCopier.differs(source) }
    try aside.write { write in try reading.bytes(write) }
    guard aside.digest == entry.digest, aside.size == entry.size else {
      throw TreeCopier.differs(source)
    }
    var wanted = WantedMetadata(
      nil, mode: mode(of: entry), replacing: .absent, as: identity, in: place.folder)
    wanted.modifiedNanos = reading.modifiedNanos
    try aside.set(wanted)
    batch.append((aside, entry))
    batchSize += entry.size
    if batch.count >= TreeCopier.batchFiles || batchSize >= TreeCopier.batchBytes {
      try publishBatch()
    }
  }

  private mutating func publishBatch() throws {
    guard !batch.isEmpty else { return }
    try TreeCopier.syncWhole(target, path: targetPath)
    for (aside, _) in batch { _ = try aside.readBack() }
    for (aside, _) in batch {
      try FilePublisher(target: aside.target, identity: identity).exchange(aside, .absent)
    }
    batch = []
    batchSize = 0
  }

  /// What somebody else staged gets no set-id bit and no group of writers when root owns the copy.
  private func mode(of entry: Manifest.Entry) -> UInt32 {
    identity.isRoot ? entry.mode & 0o755 : entry.mode & 0o7777
  }

  private static func syncWhole(_ folder: Descriptor, path: String) throws {
    let opened = try Descriptor(taking: pawl_open_for_sync(folder.raw), "open", path)
    try checked(pawl_syncfs(opened.raw), "make durable", path)
  }

  private static func occupied(_ place: Place) -> PawlError {
    PawlError(
      .needsPerson, "\(place.path) is there already and is not what the copy would put there.",
      hint: "Move it away or keep it, then plan anew; nothing was overwritten.")
  }

  private static func differs(_ place: Place) -> PawlError {
    PawlError(
      .needsPerson, "\(place.path) is not what it was when it was made.",
      hint: "Something changed it since; make it again before it is copied.")
  }
}
