import CPawl
import Glibc
import PawlModel

/// An open descriptor, closed with its last reference. Always close-on-exec.
final class Descriptor: Sendable {
  let raw: Int32

  /// Takes over a descriptor, or the negative of errno as the C room answers it.
  init(taking result: Int32, _ doing: String, _ path: String) throws(PawlError) {
    raw = try checked(result, doing, path)
  }

  deinit { close(raw) }

  /// Writes all of it, however many calls that takes.
  func write(_ bytes: UnsafeRawBufferPointer, path: String) throws(PawlError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let slice = UnsafeRawBufferPointer(rebasing: rest)
      let count = try calling("write", path) { Glibc.write(raw, slice.baseAddress, slice.count) }
      rest = rest.dropFirst(count)
    }
  }

  func write(_ bytes: [UInt8], path: String) throws(PawlError) {
    var failure: PawlError?
    bytes.withUnsafeBytes { buffer in
      do throws(PawlError) { try write(buffer, path: path) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// At most `limit` bytes from `offset` on; empty at the end of the file.
  func read(from offset: Int64, limit: Int, path: String) throws(PawlError) -> [UInt8] {
    var failure: PawlError?
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let address = buffer.baseAddress
      do throws(PawlError) {
        count = try calling("read", path) { pread(raw, address, limit, off_t(offset)) }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  func sync(path: String) throws(PawlError) {
    try calling("make durable", path) { fsync(raw) }
  }

  func stat(path: String) throws(PawlError) -> Standing {
    try Standing(folder: self, name: "", path: path)
  }
}
