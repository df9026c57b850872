import CZlib

/// Unpacking of gzip data in memory.
enum Gzip {
  /// True when the bytes begin like a gzip file.
  static func isGzip(_ bytes: [UInt8]) -> Bool {
    bytes.count > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b
  }

  /// Unpacks a whole gzip file, several members included.
  /// - Parameter limit: bytes after which the result counts as unreadable; 64 MiB unless told.
  static func unpack(_ packed: [UInt8], limit: Int = 64 << 20) -> Reading<[UInt8]> {
    var stream = z_stream()
    let windowBits: Int32 = 15 + 16  // the largest window, gzip header expected
    guard
      inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return .unreadable("zlib did not start") }
    defer { inflateEnd(&stream) }
    var input = packed
    var output: [UInt8] = []
    output.reserveCapacity(packed.count * 5)
    var chunk = [UInt8](repeating: 0, count: 128 << 10)
    return input.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(clamping: source.count)
      while true {
        let (status, made) = chunk.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          let status = inflate(&stream, Z_NO_FLUSH)
          return (status, target.count - Int(stream.avail_out))
        }
        output.append(contentsOf: chunk[..<made])
        if output.count > limit { return .unreadable("it unpacks to more than \(limit) bytes") }
        switch status {
        case Z_OK: continue
        case Z_STREAM_END:
          if stream.avail_in == 0 { return .present(output) }
          guard inflateReset(&stream) == Z_OK else { return .present(output) }
        case Z_BUF_ERROR: return .unreadable("the gzip data ends too early")
        default: return .unreadable("the gzip data is damaged")
        }
      }
    }
  }
}
