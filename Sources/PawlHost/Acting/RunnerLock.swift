import CPawl
import Glibc
import PawlModel

/// One runner a journal. The lock belongs to an open descriptor: it ends with its process however
/// that ends, a power cut included, and there is no stale lock to delete. The file stays for ever;
/// the pid in it is for people.
public final class RunnerLock: Sendable {
  private let file: Descriptor

  private init(_ file: Descriptor) { self.file = file }

  /// Said explicitly: a child between fork and exec has the descriptor for an instant longer.
  deinit { pawl_unlock(file.raw) }

  /// Held until the last reference is gone. Throws `PawlError(.locked)` where another runner, of
  /// this process even, holds it.
  public static func acquire(journalPath: String) throws -> RunnerLock {
    let path = RunnerLock.path(journalPath)
    let file = try Descriptor(taking: pawl_open_lock(path, 1), "open the lock", path)
    let result = pawl_lock(file.raw)
    if result == -EWOULDBLOCK || result == -EACCES {
      let who = holder(of: file, path).map { $0 > 0 ? "process \($0)" : "a process" }
      throw PawlError(
        .locked,
        "Another runner, \(who ?? "which has just ended"), holds the journal \(journalPath).",
        hint: "Watch it with `pawl watch`, or wait until it has ended.")
    }
    try checked(result, "lock", path)
    try calling("empty", path) { ftruncate(file.raw, 0) }
    try file.write(Array("\(getpid())\n".utf8), path: path)
    return RunnerLock(file)
  }

  /// The pid of the runner that holds the lock now; 0 where one holds it and has not yet said who
  /// it is. nil where nobody holds it, or this user may not look. The lock is not taken for this.
  public static func holder(journalPath: String) -> Int32? {
    let path = RunnerLock.path(journalPath)
    guard let file = try? Descriptor(taking: pawl_open_lock(path, 0), "open", path) else {
      return nil
    }
    return holder(of: file, path)
  }

  private static func holder(of file: Descriptor, _ path: String) -> Int32? {
    guard pawl_is_locked(file.raw) == 1 else { return nil }
    let bytes = (try? file.read(from: 0, limit: 32, path: path)) ?? []
    let digits = bytes.prefix { $0 != UInt8(ascii: "\n") }
    return Int32(String(decoding: digits, as: UTF8.self)) ?? 0
  }

  private static func path(_ journalPath: String) -> String { journalPath + ".lock" }
}
