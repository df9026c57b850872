import GRDB
import PawlModel

extension SQLiteJournal {
  /// The longest file that the journal keeps.
  static let blobLimit: Int64 = 4 << 30

  /// Durable, read back and hashed again when it returns. `fill` runs outside any transaction: a
  /// crash while it runs leaves no blob, only chunks that `dropUnfinishedBlobs` takes away.
  public func storeBlob(
    _ fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> Digest {
    let writer = BlobWriter(self)
    do {
      try fill { bytes in try writer.add(bytes) }
      let digest = try writer.finish()
      try readBlob(digest) { _ in }
      return digest
    } catch {
      writer.abandon()
      throw error
    }
  }

  /// Every byte that `chunk` gets has passed its chunk's checksum; the whole is hashed as it is
  /// read, and the last call is followed by an error where the digest does not come out.
  public func readBlob(_ digest: Digest, chunk: ([UInt8]) throws -> Void) throws {
    let blob = try read { db in try Self.findBlob(db, digest) }
    guard let blob else {
      throw PawlError(
        .damagedJournal, "The journal \(path) does not have the bytes \(digest.short) any more.",
        hint: "Run `pawl history verify` to see what else is missing.")
    }
    var hasher = SHA256()
    var size: Int64 = 0
    var position = 0
    while let bytes = try read({ db in try blobChunk(db, blob: blob.row, at: position, digest) }) {
      hasher.update(bytes)
      size += Int64(bytes.count)
      position += 1
      try chunk(bytes)
    }
    guard size == blob.size, hasher.finish() == digest else { throw damagedBlob(digest) }
  }

  public func hasBlob(_ digest: Digest) throws -> Bool {
    try read { db in try Self.findBlob(db, digest) } != nil
  }

  /// Takes away what crashes left of blobs that were never finished. Only for who holds the
  /// runner's lock: nobody else stores any. Returns how many there were.
  @discardableResult
  public func dropUnfinishedBlobs() throws -> Int {
    try write { db in
      try db.execute(sql: "DELETE FROM blob WHERE digest IS NULL")
      return db.changesCount
    }
  }

  private static func findBlob(_ db: Database, _ digest: Digest) throws -> (
    row: Int64, size: Int64
  )? {
    let sql = "SELECT id, size FROM blob WHERE digest = ?"
    guard let row = try Row.fetchOne(db, sql: sql, arguments: [digest.hex]) else { return nil }
    return (try row.int(0), try row.int(1))
  }

  private func blobChunk(
    _ db: Database, blob: Int64, at position: Int, _ digest: Digest
  ) throws -> [UInt8]? {
    let statement = try db.cachedStatement(
      sql: "SELECT raw, data FROM blob_chunk WHERE blob = ? AND position = ?")
    guard let row = try Row.fetchOne(statement, arguments: [blob, position]) else { return nil }
    guard let bytes = Zlib.unpack(try row.bytes(1), raw: Int(try row.int(0))) else {
      throw damagedBlob(digest)
    }
    return bytes
  }

  private func damagedBlob(_ digest: Digest) -> PawlError {
    PawlError(
      .damagedJournal, "The bytes \(digest.short) in the journal \(path) are damaged.",
      hint:
        "A backup with this digest cannot be restored from here; look for a copy of the journal.")
  }
}
