import Foundation
import GRDB
import PawlModel

/// Takes a blob's bytes as they come and commits them every few megabytes, so that the write lock
/// is never held while a file is read. The blob exists only with its last transaction: what a
/// crash leaves before that has no digest and is nobody's.
final class BlobWriter {
  /// Bytes before compression that one transaction takes.
  private static let batch = 4 << 20

  private let journal: SQLiteJournal
  private var hasher = SHA256()
  private var pending: [UInt8] = []
  private var packed: [(raw: Int, data: Data)] = []
  private var packedRaw = 0
  private var size: Int64 = 0
  private var row: Int64?
  private var position = 0

  init(_ journal: SQLiteJournal) { self.journal = journal }

  func add(_ bytes: [UInt8]) throws {
    hasher.update(bytes)
    size += Int64(bytes.count)
    guard size <= SQLiteJournal.blobLimit else {
      throw PawlError(
        .refused, "The file is larger than the journal keeps (\(SQLiteJournal.blobLimit) bytes).",
        hint: "Leave it out of the step's backups, or keep a copy of your own.")
    }
    pending += bytes
    if pending.count >= ChunkedBytes.largest { try pack(all: false) }
  }

  func finish() throws -> Digest {
    try pack(all: true)
    let digest = hasher.finish()
    if try isKept(digest) {
      abandon()
      return digest
    }
    try journal.write { db in
      try flush(db)
      guard let row else { return }
      if let other = try Int64.fetchOne(
        db, sql: "SELECT id FROM blob WHERE digest = ?", arguments: [digest.hex])
      {
        // The same bytes were kept before, and are damaged by now.
        try db.execute(sql: "DELETE FROM blob WHERE id = ?", arguments: [other])
      }
      try db.execute(
        sql: "UPDATE blob SET digest = ?, size = ? WHERE id = ?",
        arguments: [digest.hex, size, row])
    }
    return digest
  }

  /// Whether the same bytes are in the journal and can still be read.
  private func isKept(_ digest: Digest) throws -> Bool {
    guard try journal.hasBlob(digest) else { return false }
    do {
      try journal.readBlob(digest) { _ in }
      return true
    } catch let error as PawlError where error.code == .damagedJournal {
      return false
    }
  }

  /// Removes what was already committed of a blob that will not be finished.
  func abandon() {
    guard let row else { return }
    try? journal.write { db in
      try db.execute(sql: "DELETE FROM blob WHERE id = ? AND digest IS NULL", arguments: [row])
    }
  }

  private func pack(all: Bool) throws {
    let ready = all ? pending.count : pending.count - pending.count % ChunkedBytes.largest
    try ChunkedBytes.each(of: Array(pending[..<ready])) { chunk in
      packed.append((chunk.count, Data(try Zlib.pack(chunk))))
      packedRaw += chunk.count
    }
    pending.removeFirst(ready)
    if packedRaw >= Self.batch { try journal.write { db in try flush(db) } }
  }

  private func flush(_ db: Database) throws {
    if row == nil {
      try db.execute(sql: "INSERT INTO blob (digest, size) VALUES (NULL, 0)")
      row = db.lastInsertedRowID
    }
    for chunk in packed {
      try db.cachedStatement(
        sql: "INSERT INTO blob_chunk (blob, position, raw, data) VALUES (?, ?, ?, ?)"
      ).execute(arguments: [row, position, chunk.raw, chunk.data])
      position += 1
    }
    packed = []
    packedRaw = 0
  }
}
