import CPawl
import PawlModel

/// What a published file is to get beside its bytes.
struct WantedMetadata {
  var mode: UInt32
  var uid: UInt32
  var gid: UInt32
  /// nil leaves the time of writing.
  var modifiedNanos: Int64?
  /// nil leaves what the kernel gives to a new file.
  var attributes: [String: String]?
  /// FAT keeps none of this; nothing is set there and nothing claimed.
  var isWithoutMetadata: Bool
  /// Each is tried by itself, and nothing claimed where it is refused: a file system that keeps no
  /// owners may well keep times.
  var isBestEffort: Bool

  /// Recorded metadata are restored whole; those of a replaced file are kept without its time.
  init(
    _ recorded: FileMetadata?, mode: UInt32?, replacing before: FileState, as identity: Identity,
    in folder: Descriptor
  ) {
    if let recorded {
      self.init(recorded)
    } else if case .file(let kept, _, _) = before {
      self.init(kept)
      modifiedNanos = nil
      attributes = ExtendedAttributes.keptForNewBytes(kept.attributes, as: identity)
      // As the kernel does where somebody without privileges writes to such a file.
      if !identity.isRoot { self.mode &= 0o1777 }
    } else {
      self.init(FileMetadata(mode: 0o644, uid: identity.uid, gid: identity.gid, modifiedNanos: 0))
      modifiedNanos = nil
      attributes = nil
    }
    if let mode { self.mode = mode & 0o7777 }
    let kind = FileSystemKind(of: folder)
    isWithoutMetadata = kind.isFAT
    isBestEffort = kind.mayRefuseMetadata
  }

  /// All of it.
  init(_ metadata: FileMetadata) {
    mode = metadata.mode & 0o7777
    uid = metadata.uid
    gid = metadata.gid
    modifiedNanos = metadata.modifiedNanos
    attributes = metadata.attributes
    isWithoutMetadata = false
    isBestEffort = false
  }
}
