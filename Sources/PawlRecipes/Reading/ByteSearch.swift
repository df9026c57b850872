import Glibc

extension StringProtocol {
  /// The first place of these exact bytes: no canonical equivalence, no Foundation.
  func range(of needle: String) -> Range<Index>? {
    let wanted = Array(needle.utf8)
    let fast = utf8.withContiguousStorageIfAvailable { offset(of: wanted, in: $0) }
    guard let offset = fast ?? Array(utf8).withUnsafeBufferPointer({ offset(of: wanted, in: $0) })
    else { return nil }
    let start = utf8.index(utf8.startIndex, offsetBy: offset)
    return start..<utf8.index(start, offsetBy: wanted.count)
  }

  var hasNUL: Bool { range(of: "\0") != nil }
}

private func offset(of wanted: [UInt8], in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
  guard let base = bytes.baseAddress, let first = wanted.first else { return nil }
  var start = 0
  while bytes.count - start >= wanted.count {
    guard let hit = memchr(base + start, Int32(first), bytes.count - start) else { return nil }
    start = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    guard bytes.count - start >= wanted.count else { return nil }
    if memcmp(base + start, wanted, wanted.count) == 0 { return start }
    start += 1
  }
  return nil
}
