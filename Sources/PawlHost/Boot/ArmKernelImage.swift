import PawlModel

/// What an image for arm64 says of itself: as it is, packed by gzip, or as a program of the firmware's that
/// unpacks it. (kernel: Documentation/arch/arm64/booting.rst; drivers/firmware/efi/libstub/zboot-header.S)
enum ArmKernelImage {
  /// The banner that the kernel prints at its start, `Linux version 6.1.0-37-arm64 (…) #1 SMP …`; nil where
  /// it is no such image, or names none.
  static func banner(_ image: [UInt8]) -> String? {
    guard let plain = unpacked(image), has(plain, magic, at: 0x38) else { return nil }
    return firstBanner(in: plain)
  }

  private static let magic = Array("ARM\u{64}".utf8)
  private static let start = Array("Linux version ".utf8)

  private static func unpacked(_ image: [UInt8]) -> [UInt8]? {
    if Gzip.isGzip(image) { return Gzip.unpack(image, limit: 1 << 28).value }
    guard has(image, Array("MZ".utf8), at: 0), has(image, Array("zimg".utf8), at: 4) else {
      return image
    }
    guard
      let (offset, size) = number(image, at: 8).flatMap({ offset in
        number(image, at: 12).map { (offset, $0) }
      }), has(image, Array("gzip".utf8), at: 24), offset + size <= image.count
    else { return nil }
    return Gzip.unpack(Array(image[offset..<offset + size]), limit: 1 << 28).value
  }

  private static func has(_ bytes: [UInt8], _ wanted: [UInt8], at offset: Int) -> Bool {
    bytes.count >= offset + wanted.count && bytes[offset...].starts(with: wanted)
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> Int? {
    guard bytes.count >= offset + 4 else { return nil }
    return (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  /// The kernel has the same words elsewhere as a pattern, `Linux version %s`: a number follows here.
  private static func firstBanner(in bytes: [UInt8]) -> String? {
    var from = 0
    while let found = index(of: start, in: bytes, from: from) {
      let text = bytes[(found + start.count)...].prefix(1024).prefix { $0 != 0 && $0 != 10 }
      if let first = text.first, (48...57).contains(first) {
        return String(decoding: text, as: UTF8.self)
      }
      from = found + 1
    }
    return nil
  }

  /// Byte by byte it would take seconds for an image of 60 MB in a debug build: only where its rare first
  /// letter stands is more compared.
  private static func index(of wanted: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
    var from = from
    while from + wanted.count <= bytes.count,
      let next = bytes[from...].firstIndex(of: wanted[0]), next + wanted.count <= bytes.count
    {
      if bytes[next..<next + wanted.count].elementsEqual(wanted) { return next }
      from = next + 1
    }
    return nil
  }
}
