import CPawl
import Glibc
import PawlModel

/// What the kernel says of one name in a folder, no link followed.
struct Standing {
  private let found: pawl_standing

  /// An empty name means the folder itself.
  init(folder: Descriptor, name: String, path: String) throws(PawlError) {
    var found = pawl_standing()
    try checked(pawl_stat(folder.raw, name, &found), "look at", path)
    self.found = found
  }

  /// nil where nothing stands there.
  static func find(_ place: Place) throws(PawlError) -> Standing? {
    var found = pawl_standing()
    let result = pawl_stat(place.folder.raw, place.name, &found)
    if result == -ENOENT { return nil }
    try checked(result, "look at", place.path)
    return Standing(found)
  }

  /// Follows links; nil where nothing can be seen there.
  static func following(_ path: String) -> Standing? {
    var found = pawl_standing()
    guard pawl_stat_following(path, &found) == 0 else { return nil }
    return Standing(found)
  }

  private init(_ found: pawl_standing) { self.found = found }

  var permissions: UInt32 { found.mode & 0o7777 }
  var uid: UInt32 { found.uid }
  var gid: UInt32 { found.gid }
  var size: Int64 { found.size }
  var linkCount: UInt32 { found.link_count }
  var device: UInt64 { found.device }
  var specialDevice: UInt64 { found.special_device }
  var modifiedNanos: Int64 { found.modified_nanos }
  var changedNanos: Int64 { found.changed_nanos }
  var inode: UInt64 { found.inode }
  var mount: UInt64 { found.mount }
  var isImmutable: Bool { found.is_immutable != 0 }
  var isAppendOnly: Bool { found.is_append_only != 0 }
  var isMountRoot: Bool { found.is_mount_root != 0 }

  var isFile: Bool { found.mode & S_IFMT == S_IFREG }
  var isFolder: Bool { found.mode & S_IFMT == S_IFDIR }
  var isLink: Bool { found.mode & S_IFMT == S_IFLNK }
  var isDevice: Bool { [S_IFCHR, S_IFBLK].contains(found.mode & S_IFMT) }

  /// In a word, for `FileState.other` and for sentences.
  var kind: String {
    switch found.mode & S_IFMT {
    case S_IFREG: "file"
    case S_IFDIR: "folder"
    case S_IFLNK: "link"
    case S_IFIFO: "pipe"
    case S_IFSOCK: "socket"
    default: "device"
    }
  }

  /// In it nobody renames or removes what is another's, and anybody can make what is not there.
  var isStickyOfRoot: Bool { isFolder && uid == 0 && permissions & S_ISVTX != 0 }

  /// Another user than root may put other bytes there: by owner, group or mode.
  var isWritableByOthersThanRoot: Bool {
    uid != 0 || permissions & 0o002 != 0 || (permissions & 0o020 != 0 && gid != 0)
  }

  func isSameFile(as other: Standing) -> Bool {
    found.inode == other.found.inode && found.device == other.found.device
  }

  /// Nothing was written to it between the two looks.
  func isUntouched(since earlier: Standing) -> Bool {
    isSameFile(as: earlier) && size == earlier.size
      && modifiedNanos == earlier.modifiedNanos
      && found.changed_nanos == earlier.found.changed_nanos
  }
}
