import CPawl
import Glibc
import PawlModel

/// The file that a child writes its output to, read behind it. What was read is given back to the
/// file system piece by piece, so that a child may print gigabytes onto a small disk.
final class Spool {
  private static let chunkSize = 1 << 20
  /// More than this in one tick comes faster than it can be kept: the rest is skipped.
  private static let tickBytes: Int64 = 8 << 20
  private static let holeBytes: Int64 = 8 << 20

  private let path: String
  private let reading: Descriptor
  private var offset: Int64
  private var punched: Int64

  init(at path: String) throws {
    self.path = path
    reading = try Descriptor(taking: pawl_open_appending(path), "open the output file", path)
    let standing = try reading.stat(path: path)
    guard standing.isFile, standing.linkCount == 1 else {
      throw PawlError(.refused, "\(path) is not a plain file with one name.")
    }
    // Of an attempt that is being repeated under the same name, the earlier output is not ours.
    offset = standing.size
    punched = offset
  }

  /// A descriptor of its own for the child: appending, so that nobody's output is overwritten.
  func openForChild() throws -> Descriptor {
    try Descriptor(taking: pawl_open_appending(path), "open the output file", path)
  }

  /// Hands out what is new, in pieces, at most `tickBytes` of it, and says how much was skipped
  /// right before a piece. Stops where `take` answers false.
  func drain(_ take: (_ output: [UInt8], _ skipped: Int64) throws -> Bool) throws {
    let end = try reading.stat(path: path).size
    var skipped = max(0, end - offset - Spool.tickBytes)
    offset += skipped
    while offset < end {
      let limit = min(Spool.chunkSize, Int(end - offset))
      let bytes = try reading.read(from: offset, limit: limit, path: path)
      if bytes.isEmpty { break }
      offset += Int64(bytes.count)
      giveBack()
      if try !take(bytes, skipped) { return }
      skipped = 0
    }
  }

  private func giveBack() {
    guard offset - punched >= Spool.holeBytes else { return }
    // A file system that cannot do this keeps the file whole; the space guard of the engine sees.
    _ = pawl_punch_hole(reading.raw, punched, offset - punched)
    punched = offset
  }
}

extension LiveHost {
  public func spooledOutput(_ spool: String, from offset: Int64, limit: Int) -> [UInt8] {
    let opened = pawl_open_reading(AT_FDCWD, spool)
    guard opened >= 0, limit > 0, offset >= 0,
      let file = try? Descriptor(taking: opened, "read", spool),
      let standing = try? file.stat(path: spool), standing.isFile, standing.size > offset
    else { return [] }
    let available = Int(clamping: standing.size - offset)
    return (try? file.read(from: offset, limit: min(limit, available), path: spool)) ?? []
  }

  public func removeSpool(_ spool: String) { unlink(spool) }
}
