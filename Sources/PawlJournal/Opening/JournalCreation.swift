import CPawl
import GRDB
import Glibc
import PawlModel

/// Makes a journal beside its name and gives it the name when it is whole.
enum JournalCreation {
  /// Where another process was faster, its journal stands and this one is thrown away.
  static func create(_ path: String, migrations: [JournalMigration]) throws {
    let folder = Folders.parent(of: path)
    try Folders.create(folder)
    let aside = "\(path).new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try Folders.createPrivate(aside)
    defer { for suffix in ["", "-wal", "-shm"] { unlink(aside + suffix) } }
    try Faults.translating(aside) {
      let queue = try Connection.writing(aside, keepsLog: false)
      try MigrationRunner(migrations: migrations).run(queue, path: aside, copying: false)
      try queue.close()
    }
    try Folders.syncFile(aside)
    try publish(aside, as: path)
    try Folders.sync(folder)
  }

  /// In one step: a power cut between a link and the removal of the old name would leave a journal
  /// with two names, which is none that Pawl opens.
  private static func publish(_ aside: String, as path: String) throws(PawlError) {
    let code = -pawl_rename_new(AT_FDCWD, aside, path)
    if code == 0 || code == EEXIST { return }
    var info = stat()
    // A file system that cannot refuse to replace.
    guard code == EINVAL || code == ENOSYS || code == EOPNOTSUPP else {
      throw Faults.system(code, "make the journal", path: path, code: .cannotCreate)
    }
    guard stat(path, &info) != 0 else { return }
    guard rename(aside, path) == 0 else {
      throw Faults.system(errno, "make the journal", path: path, code: .cannotCreate)
    }
  }
}
