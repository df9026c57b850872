import CZlib
import PawlModel

/// The zlib format, whole chunks at a time. Its own checksum finds a chunk that was damaged.
enum Zlib {
  static func pack(_ bytes: ArraySlice<UInt8>) throws(PawlError) -> [UInt8] {
    var length = compressBound(UInt(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(length))
    let code = bytes.withUnsafeBufferPointer { source in
      compress2(&packed, &length, source.baseAddress, UInt(source.count), Z_BEST_SPEED)
    }
    guard code == Z_OK else {
      throw PawlError(.internalFault, "A chunk of bytes could not be compressed (zlib: \(code)).")
    }
    packed.removeLast(packed.count - Int(length))
    return packed
  }

  /// nil where the bytes are damaged or give another count than `raw`.
  static func unpack(_ packed: [UInt8], raw: Int) -> [UInt8]? {
    guard raw > 0, raw <= ChunkedBytes.largest else { return nil }
    var length = UInt(raw)
    var bytes = [UInt8](repeating: 0, count: raw)
    let code = uncompress(&bytes, &length, packed, UInt(packed.count))
    return code == Z_OK && Int(length) == raw ? bytes : nil
  }
}

/// Bytes are kept in chunks of bounded size, so that no blob and no output is ever whole in memory.
enum ChunkedBytes {
  /// Of a chunk, before compression.
  static let largest = 256 << 10

  static func each(
    of bytes: [UInt8], _ body: (ArraySlice<UInt8>) throws -> Void
  ) rethrows {
    var start = 0
    while start < bytes.count {
      let end = min(start + largest, bytes.count)
      try body(bytes[start..<end])
      start = end
    }
  }
}
