import CPawl
import Glibc
import PawlModel

/// Reads what stands at a place: bytes hashed in chunks, never held whole.
struct FileReading {
  static let chunkSize = 256 * 1024

  let file: Descriptor
  let path: String
  private let before: Standing

  var modifiedNanos: Int64 { before.modifiedNanos }

  /// nil where no plain file stands there.
  init?(_ place: Place, standing: Standing) throws {
    guard standing.isFile else { return nil }
    let opened = pawl_open_reading(place.folder.raw, place.name)
    file = try Descriptor(taking: opened, "read", place.path)
    path = place.path
    before = try file.stat(path: path)
    guard before.isFile, before.isSameFile(as: standing) else {
      throw FileReading.changed(path)
    }
  }

  /// Throws where the file changed meanwhile: what was handed out may then be a mixture.
  func state(_ chunk: ([UInt8]) throws -> Void = { _ in }) throws -> FileState {
    var hasher = SHA256()
    let after = try bytes {
      hasher.update($0)
      try chunk($0)
    }
    let attributes = try ExtendedAttributes.read(file, path: path)
    return .file(FileMetadata(after, attributes), digest: hasher.finish(), size: after.size)
  }

  /// The bytes alone, for a reader that hashes them itself.
  @discardableResult
  func bytes(_ chunk: ([UInt8]) throws -> Void) throws -> Standing {
    var offset: Int64 = 0
    while true {
      let bytes = try file.read(from: offset, limit: FileReading.chunkSize, path: path)
      if bytes.isEmpty { break }
      offset += Int64(bytes.count)
      try chunk(bytes)
    }
    let after = try file.stat(path: path)
    guard after.isUntouched(since: before), offset == after.size else {
      throw FileReading.changed(path)
    }
    return after
  }

  /// The state of a place; another kind of thing than a file is named, not opened.
  static func state(_ place: Place) throws -> FileState {
    guard let standing = try Standing.find(place) else { return .absent }
    guard let reading = try FileReading(place, standing: standing) else {
      return .other(kind: standing.kind)
    }
    return try reading.state()
  }

  static func changed(_ path: String) -> PawlError {
    PawlError(
      .needsPerson, "\(path) changed while it was read.",
      hint: "Find out what writes it, then run `pawl resume`.")
  }
}

extension FileMetadata {
  init(_ standing: Standing, _ attributes: [String: String]) {
    self.init(
      mode: standing.permissions, uid: standing.uid, gid: standing.gid,
      modifiedNanos: standing.modifiedNanos, attributes: attributes)
  }
}
