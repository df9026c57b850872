import CPawl
import Glibc
import PawlModel

extension SQLiteJournal {
  /// Bytes that the outcome of a step may take, in frames of the write-ahead log. Output does not
  /// count: where there is no space for it, it is cut.
  static let reserve: Int64 = 4 << 20

  /// Gives the write-ahead log blocks beyond its end, which SQLite fills before it asks for more.
  /// Unlike space that is merely free, nobody else can take them, the step itself least of all.
  /// The log's size stays; a cut leaves a log with unwritten blocks behind its end, which is whole.
  ///
  /// Throws `diskFull`; does nothing on file systems that cannot set space aside (NFS, ZFS).
  public func secureSpace() throws {
    let log = path + "-wal"
    // The log, unlike the database, bears no locks that closing it could drop.
    let descriptor = Glibc.open(log, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
    if descriptor < 0, errno == ENOENT { return }
    guard descriptor >= 0 else { throw Faults.system(errno, "set space aside in", path: log) }
    defer { Glibc.close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else {
      throw Faults.system(errno, "set space aside in", path: log)
    }
    let wanted = Int64(info.st_size) + Self.reserve
    // What is set aside already costs the next sync nothing as long as it is not asked for again.
    guard Int64(info.st_blocks) * 512 < wanted else { return }
    let failure = -pawl_reserve(descriptor, wanted)
    guard failure > 0, ![EOPNOTSUPP, ENOSYS, EINVAL].contains(failure) else { return }
    throw Faults.system(failure, "set space aside in", path: log)
  }
}
