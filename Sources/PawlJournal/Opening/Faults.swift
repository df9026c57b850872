import GRDB
import Glibc
import PawlModel

/// Turns what SQLite and the kernel say into words and a code for the person who has to deal
/// with it.
enum Faults {
  static func translating<Value>(
    _ path: String, _ work: () throws -> Value
  ) throws(PawlError) -> Value {
    do {
      return try work()
    } catch let error as PawlError {
      throw error
    } catch let error as DatabaseError {
      throw translate(error, path: path)
    } catch {
      throw PawlError(
        .damagedJournal, "A row of the journal \(path) cannot be read: \(error).",
        hint: "Run `pawl history verify` to see which one.")
    }
  }

  static func translate(_ error: DatabaseError, path: String) -> PawlError {
    switch error.resultCode.primaryResultCode {
    case .SQLITE_FULL:
      PawlError(
        .diskFull, "No space is left for the journal \(path); nothing was recorded.",
        hint: "Free some space there, then run `pawl resume`.")
    case .SQLITE_IOERR:
      PawlError(
        .inputOutput,
        "The disk failed while the journal \(path) was read or written (\(words(error))).",
        hint: "Look at the kernel's log, then run `pawl history verify` before going on.")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      PawlError(
        .locked, "Another process kept the journal \(path) locked for ten seconds.",
        hint: "See who runs with `pawl status`, then try again.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      PawlError(
        .notAllowed, "The journal \(path) cannot be written by this user here.",
        hint: "Run as the owner of the journal, on a file system mounted for writing.")
    case .SQLITE_CANTOPEN:
      PawlError(
        .notAllowed, "The journal \(path), or a file beside it, cannot be opened.",
        hint: "Its folder has to be there and be writable by this user.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
      damaged(path, words(error))
    case .SQLITE_CONSTRAINT:
      PawlError(
        .damagedJournal,
        "The journal \(path) refused a row against its rules: \(words(error)). Nothing was recorded.",
        hint: "Run `pawl history verify` to see whether somebody edited it.")
    default:
      PawlError(.internalFault, "SQLite refused work on the journal \(path): \(words(error)).")
    }
  }

  static func damaged(_ path: String, _ why: String) -> PawlError {
    PawlError(
      .damagedJournal, "The journal \(path) is damaged: \(why).",
      hint: "Keep the file, and go on with a copy of it from before, or with a new one.")
  }

  /// What a failed system call on the journal's file or folder means. `code` is for what is none
  /// of the usual reasons.
  static func system(
    _ number: Int32, _ what: String, path: String, code: PawlError.Code = .inputOutput
  ) -> PawlError {
    let said = String(cString: strerror(number))
    switch number {
    case EACCES, EPERM:
      return PawlError(
        .notAllowed, "This user may not \(what) \(path).",
        hint: "Run as the owner of the journal, or name another one with --journal.")
    case EROFS:
      return PawlError(
        .notAllowed, "\(path) is on a file system that is mounted read-only.",
        hint: "Mount it for writing, or name another journal with --journal.")
    case ENOENT:
      return PawlError(
        .noInput, "There is no journal at \(path).",
        hint: "The first `pawl plan` makes one; name another with --journal.")
    case ENOTDIR:
      return PawlError(
        code == .inputOutput ? .noInput : code,
        "The path of the journal leads through something that is no folder: \(path).",
        hint: "Name another journal with --journal.")
    case EISDIR:
      return PawlError(
        .noInput, "\(path) is a folder, not a journal.",
        hint: "Name the file in it with --journal.")
    case ENOSPC, EDQUOT:
      return PawlError(
        .diskFull, "No space is left to \(what) \(path).", hint: "Free some space there.")
    default:
      return PawlError(code, "Pawl could not \(what) \(path): \(said).")
    }
  }

  private static func words(_ error: DatabaseError) -> String {
    error.message ?? "code \(error.extendedResultCode.rawValue)"
  }
}
