import Glibc

/// What the files of a journal look like from outside: the same as before where nothing was recorded
/// since. For whoever waits for news and must not spend time on looking. stat(2); no lock is taken,
/// nothing is opened.
public struct JournalTrace: Sendable, Hashable {
  private struct File: Sendable, Hashable {
    var inode: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
  }

  /// The database and its log; nil for one that is not there.
  private let files: [File?]

  public init(path: String) {
    files = [path, path + "-wal"].map { path in
      var found = stat()
      guard stat(path, &found) == 0 else { return nil }
      return File(
        inode: UInt64(found.st_ino), size: Int64(found.st_size), seconds: found.st_mtim.tv_sec,
        nanoseconds: found.st_mtim.tv_nsec)
    }
  }
}
