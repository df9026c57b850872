/// What stands at a path. Absence is a state like any other: undo restores it too.
public enum FileState: Codable, Sendable, Hashable {
  case absent
  case file(FileMetadata, digest: Digest, size: Int64)
  /// A link, a folder, a device: Pawl's file actions refuse to replace it. `kind` names it.
  case other(kind: String)

  public var digest: Digest? {
    switch self {
    case .file(_, let digest, _): digest
    case .absent, .other: nil
    }
  }

  /// Same bytes, whatever the metadata says.
  public func sameContent(as other: FileState) -> Bool {
    switch (self, other) {
    case (.absent, .absent): true
    case (.file(_, let left, _), .file(_, let right, _)): left == right
    case (.other(let left), .other(let right)): left == right
    case (.absent, _), (.file, _), (.other, _): false
    }
  }
}

public struct FileMetadata: Codable, Sendable, Hashable {
  /// Permission bits with set-id and sticky: 0o7777 at most.
  public var mode: UInt32
  public var uid: UInt32
  public var gid: UInt32
  /// Nanoseconds since 1970.
  public var modifiedNanos: Int64
  /// Extended attributes, the SELinux label among them: name to base64 of the value.
  public var attributes: [String: String]

  public init(
    mode: UInt32, uid: UInt32, gid: UInt32, modifiedNanos: Int64, attributes: [String: String] = [:]
  ) {
    self.mode = mode
    self.uid = uid
    self.gid = gid
    self.modifiedNanos = modifiedNanos
    self.attributes = attributes
  }
}

/// A file as it stood before a step first touched it. The bytes are a blob of the journal, keyed
/// by the state's digest; they were read back before the step went on.
public struct Backup: Codable, Sendable, Hashable {
  public var path: String
  public var before: FileState

  public init(path: String, before: FileState) {
    self.path = path
    self.before = before
  }
}

/// A file as a step left it. Undo acts only while the file still is this.
public struct FileChange: Codable, Sendable, Hashable {
  public var path: String
  public var after: FileState

  public init(path: String, after: FileState) {
    self.path = path
    self.after = after
  }
}

/// What a step made, listed and hashed when it was made: relative path to state.
public struct Manifest: Codable, Sendable, Hashable {
  public struct Entry: Codable, Sendable, Hashable {
    /// Relative, without `..`, sorted by the list.
    public var path: String
    public var kind: Kind
    /// Permission bits; 0 for a link.
    public var mode: UInt32
    public var size: Int64
    /// Of a file's bytes, or of a link's target.
    public var digest: Digest?
    /// Of a link only.
    public var target: String?

    public init(
      path: String, kind: Kind, mode: UInt32, size: Int64, digest: Digest?, target: String? = nil
    ) {
      self.path = path
      self.kind = kind
      self.mode = mode
      self.size = size
      self.digest = digest
      self.target = target
    }
  }

  public enum Kind: String, Codable, Sendable, Hashable { case file, folder, link }

  /// The path the entries are relative to, at the time of making.
  public var root: String
  public var entries: [Entry]

  public init(root: String, entries: [Entry]) {
    self.root = root
    self.entries = entries
  }

  public var byteCount: Int64 { entries.reduce(0) { $0 + $1.size } }

  /// One line an entry, `digest kind size path`: what stands in `source.manifest`.
  public var listing: String {
    entries.map { "\($0.digest?.hex ?? "-") \($0.kind.rawValue) \($0.size) \($0.path)\n" }.joined()
  }
}
